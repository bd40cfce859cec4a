// Golden text of stacks.
#include "report/stack_text.hpp"

#include <doctest/doctest.h>

#include "report/finding_text.hpp"

using namespace leakgate;

namespace {

using Lines = std::vector<std::string>;

std::vector<Frame> sampleStack() {
  return {{"std::string::_M_create", "basic_string.tcc", 155, true, "server", 0x10},
          {"std::string::append", "", 0, false, "libstdc++.so.6.0.30", 0x20},
          {"dupe", "src/copy.hpp", 21, true, "server", 0x30},
          {"Event::setContext", "src/event.cpp", 88, false, "server", 0x30},
          {"", "", 0, false, "libplugin.so", 0x40},
          {"main", "src/main.cpp", 9, false, "server", 0x50}};
}

}  // namespace

TEST_CASE("a stack with the frame to blame") {
  CHECK(stackLines(sampleStack(), false) == Lines{"   std::string::_M_create  basic_string.tcc:155 (inlined)",
                                                  "   std::string::append     libstdc++.so.6.0.30+0x20",
                                                  "=> dupe                    src/copy.hpp:21 (inlined)",
                                                  "   Event::setContext       src/event.cpp:88",
                                                  "   ?                       libplugin.so+0x40",
                                                  "   main                    src/main.cpp:9"});
  CHECK(stackLines({}, false).empty());
}

TEST_CASE("a long stack is cut past the frame to blame") {
  std::vector<Frame> stack(20, {"std::recurse", "", 0, false, "server", 0x10});
  stack.push_back({"culprit", "a.cpp", 1, false, "server", 0x20});
  for (int i = 0; i < 30; ++i) stack.push_back({"dispatch", "b.cpp", 2, false, "server", 0x30});
  const Lines lines = stackLines(stack, true);
  REQUIRE(lines.size() == 26);
  CHECK(lines[20].find("=> culprit") == 0);
  CHECK(lines[24] == "   27 more frames");
  CHECK(lines[25] == "   the rest was not unwound");
}

TEST_CASE("a finding shows its largest stack instead of its place") {
  NamedFinding finding;
  finding.growth.bytes = {0, 400};
  finding.place = {"Event::setContext", "src/event.cpp", 88, "server", "parse"};
  finding.stack = sampleStack();
  CHECK(findingPlaceLines(finding).at(1) == "src/event.cpp:88 (server)");
  finding.stacks.resize(2);
  finding.stacks[0].bytes = {0, 300};
  finding.stacks[0].frames = sampleStack();
  finding.stacks[1].bytes = {0, 100};
  finding.stackCount = 7;
  finding.confirmed = Confirmed::no;
  const Lines lines = findingPlaceLines(finding);
  REQUIRE(lines.size() == 9);
  CHECK(lines[0] == "in scope parse");
  CHECK(lines[1] == "did not grow again when replayed with stacks");
  CHECK(lines[5] == "   Event::setContext       src/event.cpp:88");
  CHECK(lines[8] == "the largest of 7 stacks, 75 %; the report has 2 of them");
}

TEST_CASE("a stack that ends in the standard library has no frame to blame") {
  const std::vector<Frame> stack{{"std::string::_M_mutate", "basic_string.tcc", 328, false, "server", 0x10}};
  const Lines lines = stackLines(stack, true);
  REQUIRE(lines.size() == 2);
  CHECK(lines[0] == "   std::string::_M_mutate  basic_string.tcc:328");
  CHECK(lines[1] == "   its caller is not known: no unwind information (-fasynchronous-unwind-tables)");
}

TEST_CASE("missing split debug information is named") {
  std::vector<Frame> stack{{"put", "", 0, false, "server", 0x10},
                           {"main", "main.cpp", 9, false, "server", 0x20}};
  stack[1].missingFile = "outer.dwo";
  CHECK(stackLines(stack, false).size() == 2);  // past the frame to blame
  stack[0].missingFile = "server.dwo";
  const Lines lines = stackLines(stack, false);
  REQUIRE(lines.size() == 3);
  CHECK(lines[2] == "   server.dwo could not be read: what was inlined is not known");
}
