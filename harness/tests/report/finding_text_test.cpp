// Golden text: what people and scripts read.
#include "report/finding_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "gate/judge.hpp"
#include "report/run_text.hpp"
#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

NamedFinding sample(FindingKind kind, Follows follows) {
  NamedFinding finding;
  finding.growth.kind = kind;
  finding.growth.follows = follows;
  finding.growth.blocksPerEvent = 1;
  finding.growth.bytesPerEvent = 17;
  finding.growth.events = 80000;
  finding.growth.checkpoints = {0, 10000, 20000, 40000, 80000};
  finding.growth.blocks = {0, 10000, 20000, 40000, 80000};
  finding.growth.bytes = {0, 170000, 340000, 680000, 1360000};
  return finding;
}

}  // namespace

TEST_CASE("a leak per request of a step") {
  auto finding = sample(FindingKind::heap, Follows::request);
  finding.growth.step = "login";
  finding.place = {"h3::Event::setContext", "src/event.cpp", 88, "h3-demo", "setContext"};
  CHECK(findingLine(finding) ==
        "LEAK  h3::Event::setContext  +1.000 blocks, +17 B per request of step login (80,000 requests, exact "
        "at every checkpoint)");
}

TEST_CASE("leaks of other kinds, with other causes") {
  auto rare = sample(FindingKind::heap, Follows::disconnect);
  rare.growth.blocksPerEvent = 0.0001;
  rare.growth.bytesPerEvent = 0.0048;
  rare.growth.blocks = {0, 0, 1, 3, 6};
  CHECK(findingLine(rare) ==
        "LEAK  heap (no site known)  +0.0001 blocks, +0.0048 B per disconnect (80,000 disconnects, exact "
        "at 3 of 4 checkpoints)");

  auto several = sample(FindingKind::heap, Follows::request);
  several.growth.step = "login, logout";
  several.place.module = "libssl.so.3";
  several.growth.bytesPerEvent = 17.44;
  CHECK(findingLine(several) ==
        "LEAK  libssl.so.3  +1.000 blocks, +17.4 B per request of steps login, logout (80,000 requests, "
        "exact at every checkpoint)");

  several.growth.blocks = {0, 10100, 20000, 40000, 80000};  // not exact
  CHECK(findingLine(several).ends_with("of steps login, logout (80,000 requests, every checkpoint)"));

  CHECK(
      findingLine(sample(FindingKind::descriptor, Follows::connection)) ==
      "LEAK  descriptors  +1.000 descriptors per connection (80,000 connections, exact at every checkpoint)");

  auto vector = sample(FindingKind::heap, Follows::unknown);
  vector.growth.pattern = Pattern::stepped;
  vector.growth.blocksPerEvent = 0;
  vector.growth.blocks = {0, 0, 0, 0, 0};
  vector.place = {"std::vector::push_back", "", 0, "server",
                  "journal"};  // the scope is more helpful than the library
  CHECK(findingLine(vector) ==
        "LEAK  journal  +17 B, no more blocks, per request (80,000 requests, every checkpoint, by jumps that "
        "do not shrink)");

  auto slower = sample(FindingKind::slowdown, Follows::request);
  slower.growth.percent = 21.3;
  slower.growth.percentLow = 18.04;
  slower.growth.percentHigh = 25;
  CHECK(findingLine(slower) ==
        "SLOWER  latency  +21.3 % from the first to the last requests (95 % confidence +18.0 to +25.0 %)");

  slower.growth.cpuNsFirst = 8'100;
  slower.growth.cpuNsLast = 9'800;
  CHECK(findingLine(slower) ==
        "SLOWER  requests  +21 % CPU per request (8.1 us in the first block, 9.8 us in the last of 80,000 "
        "requests, 95 % confidence +18 to +25 %)");
  slower.confirmed = Confirmed::yes;
  slower.growth.share = 0.97;
  slower.place.function = "findUser";
  CHECK(findingLine(slower) ==
        "SLOWER  findUser  +21 % CPU per request (8.1 us in the first block, 9.8 us in the last of 80,000 "
        "requests, 95 % confidence +18 to +25 %, in two runs; 97 % of it here)");
}

TEST_CASE("a library without line numbers is named with the user's call into it") {
  auto note = sample(FindingKind::heap, Follows::request);
  note.place = {"saveNote", "src/notes.cpp", 88, "server", ""};
  note.stack = {{"malloc", "", 0, false, "libc.so.6", 0x10},
                {"sqlite3_malloc", "", 0, false, "libsqlite3.so.0.8.6", 0x20},
                {"saveNote", "src/notes.cpp", 88, false, "server", 0x30}};
  CHECK(
      findingLine(note).starts_with("LEAK  in libsqlite3.so, called from saveNote src/notes.cpp:88  +1.000"));
  auto stripped = note;
  stripped.place = {"", "", 0, "server", ""};
  stripped.stack[2] = {"", "", 0, false, "server", 0x1234};
  CHECK(findingLine(stripped).starts_with("LEAK  in libsqlite3.so, called from server+0x1234  +1.000"));

  note.stack.erase(note.stack.begin() + 1);
  CHECK(findingLine(note).starts_with("LEAK  saveNote  +1.000"));
}

TEST_CASE("the way from the named function to the allocation") {
  CHECK(findingPlaceLines(leakyReport().findings[0]) ==
        std::vector<std::string>{"in scope setContext", "src/event.cpp:88 (server)",
                                 "through fmt::detail::dupe /usr/include/fmt/copy.h:21"});
  NamedFinding bare;
  bare.place.module = "server";
  bare.stack = {{"", "", 0, false, "server", 0x1f2c}};
  CHECK(findingPlaceLines(bare) ==
        std::vector<std::string>{"server+0x1f2c, no line numbers: build it with -g1"});
}

TEST_CASE("observations") {
  NamedObservation observation;
  observation.growth.pattern = Pattern::oneOff;
  observation.growth.blocks = 1;
  observation.growth.bytes = 6400;
  observation.place.module = "libssl.so.3";
  CHECK(observationLine(observation) == "rose once: +1 blocks, +6,400 B, libssl.so.3");
  observation.growth.kind = FindingKind::slowdown;
  observation.growth.percent = 34.2;
  CHECK(observationLine(observation) == "CPU per request rose by 34 % in this run, and not in a second one");
}

TEST_CASE("a finding shows how far the run looked, and one that follows time its rate") {
  NamedFinding finding;
  finding.place.function = "openSession";
  finding.growth.follows = Follows::request;
  finding.growth.blocksPerEvent = 0.1;
  finding.growth.bytesPerEvent = 8;
  finding.growth.events = 160'000;
  finding.growth.checkpoints = {0, 80'000, 160'000};
  finding.growth.blocks = {0, 8'000, 16'000};
  finding.growth.bytes = {0, 640'000, 1'280'000};
  finding.growth.lookedRequests = 160'000;
  finding.growth.idleSeconds = 20.2;
  CHECK(findingLine(finding) ==
        "LEAK  openSession  +0.100 blocks, +8 B per request (160,000 requests, exact at every checkpoint; "
        "still "
        "linear after 160,000 requests and 20 s idle)");
  finding.growth.follows = Follows::time;
  finding.growth.blocksPerSecond = 100;
  finding.growth.bytesPerSecond = 6'400;
  CHECK(findingLine(finding) ==
        "LEAK  openSession  +100.000 blocks, +6400 B per second, whatever is asked (follows time: the same "
        "through "
        "20 s idle)");
}

TEST_CASE("growth that was given back is observed with the time it took") {
  NamedObservation observation;
  observation.growth.pattern = Pattern::givenBack;
  observation.growth.blocks = 40'000;
  observation.growth.bytes = 3'200'000;
  observation.growth.seconds = 5.04;
  observation.place.module = "server";
  CHECK(observationLine(observation) ==
        "given back 5.0 s after the last request: +40,000 blocks, +3,200,000 B, server");
}

TEST_CASE("numbers") {
  CHECK(withThousands(0) == "0");
  CHECK(withThousands(999) == "999");
  CHECK(withThousands(1000) == "1,000");
  CHECK(withThousands(-1234567) == "-1,234,567");
  CHECK(asTime(999) == "999 ns");
  CHECK(asTime(12345) == "12.3 us");
  CHECK(asTime(2.5e9) == "2.5 s");
  CHECK(asValue(0.9999, "ratio") == "99.99 %");
  CHECK(asValue(17, "B") == "17 B");
  CHECK(asValue(0.25, "blocks") == "0.25 blocks");
  CHECK(asValue(20000, "1") == "20,000");
}

TEST_CASE("every finding is in the tables, and no line is longer than 80 columns") {
  TriggerReport trigger = sampleTrigger();
  auto& row = trigger.experiments.front();
  for (int k = 0; k < 9; ++k) {
    trigger.conclusions.push_back(trigger.conclusions.front());
    row.growth.push_back({k, 1'000'000 * k});
  }
  const std::string text = triggerTable(trigger);
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) CHECK(line.size() <= 80);
  for (int k = 1; k <= 10; ++k) CHECK(text.find("finding " + std::to_string(k)) != std::string::npos);
  CHECK(text.find("the target ended") == text.rfind("the target ended"));
}
