// stack_cache.cpp, stack_walk.cpp, unwind_rules.cpp, unwind_module.cpp and libunwind_unwinder.cpp.
// The cache against full unwinding, at every allocation of programs of all sorts.
#include <doctest/doctest.h>
#include <stdlib.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "replay/temporary_directory.hpp"

using namespace leakgate;

namespace {

using Counts = std::map<std::string, unsigned long>;

// Sums over all processes of a command.
Counts check(const std::string& command, const std::string& settings = "") {
  const TemporaryDirectory directory;
  const std::string out = directory.path().string() + "/counts";
  const std::string line = settings + " STACK_CHECK_OUT=" + out + " LD_PRELOAD=" STACK_CHECK " " + command;
  REQUIRE_MESSAGE(system(line.c_str()) == 0, line);
  std::ifstream file(out);
  Counts counts;
  for (std::string word; file >> word;) {
    const size_t sign = word.find('=');
    counts[word.substr(0, sign)] += std::stoul(word.substr(sign + 1));
  }
  REQUIRE(counts["events"] > 0);
  CHECK_MESSAGE(counts["wrong"] == 0, line);
  MESSAGE(command.substr(command.rfind('/') + 1), ": ", counts["events"], " allocations, ", counts["misses"],
          " walks, ", counts["cut"], " cut");
  return counts;
}

const std::string kProbes = std::string(STACK_PROBES) + "/stack_probe_";

struct Shape {
  const char* name;
  int rounds;
  bool wholeStacks;  ///< none may be cut
};

// In `interrupted` a signal may come while the loader binds a function, whose CFA is by another register.
const Shape kShapes[] = {{"recursion", 2000, true}, {"twins", 2000, true},    {"alloca", 2000, true},
                         {"realigned", 500, true},  {"callback", 1000, true}, {"exceptions", 1000, true},
                         {"tails", 1000, true},     {"signals", 1000, true},  {"altstack", 500, true},
                         {"interrupted", 4, false}, {"fibers", 1000, true},   {"threads", 20, true},
                         {"templates", 1000, true}};

}  // namespace

TEST_CASE("stacks of every shape") {
  for (const char* kind : {"plain", "unoptimised", "pointers"}) {
    for (const Shape& shape : kShapes) {
      Counts counts = check(kProbes + kind + " " + std::to_string(shape.rounds) + " " + shape.name);
      if (shape.wholeStacks) CHECK_MESSAGE(counts["cut"] == 0, kind, " ", shape.name);
    }
  }
}

TEST_CASE("all shapes one after the other, on the same stack") {
  const Counts counts =
      check(kProbes + "plain 200 recursion twins alloca callback exceptions alloca templates fibers tails");
  CHECK(counts.at("misses") < counts.at("events") / 2);
}

TEST_CASE("a library that is unloaded takes its rules along") {
  // libunwind keeps rules of its own beyond a dlclose.
  for (const char* kind : {"plain", "unoptimised"}) {
    const Counts counts = check(kProbes + kind + " 300 reload", "STACK_CHECK_BY=libgcc");
    CHECK(counts.at("cut") == 0);
  }
}

TEST_CASE("Debian's programs") {
  check("bash -c 'for i in {1..300}; do a[$i]=$(echo $i); done'");
  check("perl -e 'my %h; $h{$_} = [$_] for 1..20000; print scalar(keys %h) > 0 ? \"\" : 1'");
}

TEST_CASE("a compiler: tens of thousands of stacks") {
  const Counts counts = check(COMPILER
                              " -std=c++20 -O1 -S -o /dev/null -DSTACK_PLUGIN_SMALL='\"\"' "
                              "-DSTACK_PLUGIN_LARGE='\"\"' " COMPILED_SOURCE);
  CHECK(counts.at("events") > 500000);
  CHECK(counts.at("cut") == 0);
}
