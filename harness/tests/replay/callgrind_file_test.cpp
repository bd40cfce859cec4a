#include "replay/callgrind_file.hpp"

#include <doctest/doctest.h>

#include <sstream>

using namespace leakgate;

namespace {

InstructionCounts countsOf(const std::string& text) {
  std::istringstream file(text);
  InstructionCounts counts;
  addInstructions(file, counts);
  return counts;
}

}  // namespace

TEST_CASE("a function's own instructions are counted, without those of what it calls") {
  const InstructionCounts counts = countsOf(
      "version: 1\nevents: Ir\nsummary: 140\n\n"
      "ob=(1) /bin/server\nfl=(1) main.c\nfn=(1) main\n"
      "16 10\n"
      "+2 5\n"
      "cob=(2) /lib/libc.so.6\ncfi=(2) malloc.c\ncfn=(2) malloc\ncalls=3 20\n"
      "-1 90\n"
      "* 4\n\n"
      "ob=(2)\nfl=(2)\nfn=(2)\n"
      "20 90\n\n"
      "ob=(1)\nfl=(1)\nfn=(1)\n"
      "30 31\n");
  CHECK(counts == InstructionCounts{{{"main", "/bin/server"}, 50}, {{"malloc", "/lib/libc.so.6"}, 90}});
}

TEST_CASE("names without numbers, and lines that are none") {
  CHECK(countsOf("ob=/bin/server\nfn=main\nnonsense\n7\n8 9\n") ==
        InstructionCounts{{{"main", "/bin/server"}, 9}});
  CHECK(countsOf("").empty());
}

TEST_CASE("several files add up") {
  InstructionCounts counts;
  for (int process = 0; process < 2; ++process) {
    std::istringstream file("ob=(1) a\nfn=(1) f\n0 7\n");
    addInstructions(file, counts);
  }
  CHECK(counts == InstructionCounts{{{"f", "a"}, 14}});
}
