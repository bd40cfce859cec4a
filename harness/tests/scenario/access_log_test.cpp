#include "scenario/access_log.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <set>
#include <sstream>

#include "scenario/load.hpp"
#include "scenario/request_stream.hpp"
#include "scenario/write.hpp"

using namespace leakgate;

namespace {

std::string line(const std::string& request, const std::string& tail = " 200 12 \"-\" \"agent \\\"x\\\"\"") {
  return "198.18.0.1 - - [17/May/2015:10:05:03 +0000] \"" + request + "\"" + tail + "\n";
}

ImportedLog imported(const std::string& text) {
  std::istringstream log(text);
  return importAccessLog(log);
}

std::uint64_t skippedLines(const ImportSummary& summary) {
  std::uint64_t lines = 0;
  for (const auto& [reason, count] : summary.skipped) lines += count;
  return lines;
}

}  // namespace

TEST_CASE("one step per distinct request, weighted by how often it came") {
  const auto [scenario, summary] =
      imported(line("GET /a?x=1 HTTP/1.1") + line("GET /b HTTP/1.1", " 404 -") +
               line("GET /b HTTP/1.1", " 200 7\r") + line("HEAD /b HTTP/1.1") + line("GET /b HTTP/1.0"));
  CHECK(summary.lines == 5);
  CHECK(summary.used == 5);
  CHECK(summary.damagedTails == 0);
  REQUIRE(scenario.steps.size() == 4);
  CHECK(scenario.steps[0].name == "GET /b");
  CHECK(scenario.steps[0].weight == 2);
  CHECK(scenario.steps[1].path == "/a?x=1");
  CHECK(scenario.steps[2].method == "HEAD");
  CHECK(scenario.steps[3].version == "1.0");
  for (const Step& step : scenario.steps) CHECK(step.expect == Expect{{}, std::nullopt, 500});
  CHECK(scenario.load.requests % 8 == 0);
}

TEST_CASE("lines that hold no request are counted with their reason") {
  struct Row {
    const char* text;
    const char* reason;
  };
  const Row rows[] = {
      {"\n", "empty line"},
      {"nonsense\n", "no [time] followed by a quoted request"},
      {"h - - [t] \"GET / HTTP/1.1 200 5\n", "the quoted request has no end"},
      {"h - - [t] \"-\" 408 0\n", "the request is not METHOD TARGET VERSION"},
      {"h - - [t] \"GET /\" 400 0\n", "the request is not METHOD TARGET VERSION"},
      {"h - - [t] \"\\x16\\x03 a b\" 400 0\n", "the request has no known form of method"},
      {"h - - [t] \"GET / HTTP/2.0\" 200 0\n", "the request is not HTTP/1.0 or 1.1"},
      {"h - - [t] \"GET /\\na HTTP/1.1\" 200 0\n", "the target has a line break or NUL"},
      {"h - - [t] \"GET /\\x00 HTTP/1.1\" 200 0\n", "the target has a line break or NUL"},
      {"h - - [t] \"GET / HTTP/1.1\"\n", "no status after the request"},
  };
  for (const Row& row : rows) {
    const auto summary = imported(line("GET / HTTP/1.1") + row.text).summary;
    CAPTURE(row.text);
    CHECK(summary.lines == 2);
    CHECK(summary.used == 1);
    CHECK(summary.skipped == std::map<std::string, std::uint64_t>{{row.reason, 1}});
    REQUIRE(summary.examples.size() == 1);
    CHECK(summary.examples[0].line == 2);
    CHECK(summary.examples[0].reason == row.reason);
  }
}

TEST_CASE("odd targets are kept, as raw bytes if they are no valid path") {
  struct Row {
    const char* logged;
    const char* path;  // or
    const char* raw;
  };
  const Row rows[] = {
      {"GET http://other.example/a HTTP/1.1", "http://other.example/a", nullptr},
      {"OPTIONS * HTTP/1.1", "*", nullptr},
      {"GET /%e4%2e?q=%22 HTTP/1.1", "/%e4%2e?q=%22", nullptr},
      {"GET /a\\\"b HTTP/1.1", "/a\"b", nullptr},
      {"GET /a\\\\b HTTP/1.1", "/a\\b", nullptr},
      {"GET /{i} HTTP/1.1", "/{{i}}", nullptr},
      {"GET /\\xe4 HTTP/1.1", nullptr, "GET /\xe4 HTTP/1.1\r\nHost: localhost\r\n\r\n"},
      {"GET /a b HTTP/1.0", nullptr, "GET /a b HTTP/1.0\r\nHost: localhost\r\n\r\n"},
      {"GET /a\\tb HTTP/1.1", nullptr, "GET /a\tb HTTP/1.1\r\nHost: localhost\r\n\r\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.logged);
    const auto [scenario, summary] = imported(line(row.logged));
    CHECK(summary.used == 1);
    REQUIRE(scenario.steps.size() == 1);
    if (row.path != nullptr) CHECK(scenario.steps[0].path == row.path);
    if (row.raw != nullptr) CHECK(scenario.steps[0].raw == row.raw);
    CHECK(summary.asRawBytes == (row.raw != nullptr ? 1 : 0));
    std::ostringstream out;  // and all of it can be written and read
    writeScenario(out, scenario);
    CHECK(parseScenario(out.str(), "x").steps == scenario.steps);
  }
}

TEST_CASE("a damaged tail does not matter") {
  for (const char* tail : {" 200 12 \"-\" \"cut off", " 200 x", " 200"}) {
    const auto summary = imported(line("GET / HTTP/1.1", tail)).summary;
    CAPTURE(tail);
    CHECK(summary.used == 1);
    CHECK(summary.damagedTails == 1);
  }
  CHECK(imported(line("GET / HTTP/1.1", " 200 5 \"-\" \"-\" extra 7")).summary.damagedTails == 0);
}

TEST_CASE("nothing usable is an error with the reason") {
  CHECK_THROWS_WITH_AS(
      imported("x\n"),
      ": none of its 1 lines is a request in Apache's common or combined format; line 1: no [time] "
      "followed by a quoted request",
      InputError);
  CHECK_THROWS_AS(imported(""), InputError);
}

TEST_CASE("counts over the largest weight are scaled, steps beyond the limit are counted as skipped") {
  std::string text;
  for (int k = 0; k < 20'000; ++k) text += line("GET /often HTTP/1.1", " 200 1");
  for (int k = 0; k < 5'000; ++k) text += line("GET /" + std::to_string(k) + " HTTP/1.1", " 200 1");
  const auto [scenario, summary] = imported(text);
  CHECK(summary.weightsScaled);
  CHECK(scenario.steps.size() == 5'000);
  CHECK(scenario.steps[0].weight == 10'000);
  CHECK(scenario.steps[1].weight == 1);
  CHECK(summary.used == 24'999);
  CHECK(summary.used + skippedLines(summary) == summary.lines);
}

TEST_CASE("long and equal looking targets get names of their own") {
  const std::string tail(600, 'y');
  const auto scenario = imported(line("GET /" + tail + "1 HTTP/1.1") + line("GET /" + tail + "2 HTTP/1.1") +
                                 line("GET /\\xe4 HTTP/1.1") + line("GET /\\xe5 HTTP/1.1"))
                            .scenario;
  std::set<std::string> names;
  for (const Step& step : scenario.steps) names.insert(step.name);
  CHECK(names.size() == 4);
}

// The log of 10,000 lines is not part of the repository: H3_SHARED_DATA names its folder.
TEST_CASE("a real log of 10,000 lines") {
  const char* folder = std::getenv("H3_SHARED_DATA");
  if (folder == nullptr) return;
  std::ifstream log(std::string(folder) + "/access_2015.log");
  REQUIRE(log.good());
  const auto [scenario, summary] = importAccessLog(log);
  CHECK(summary.lines == 10'000);
  CHECK(summary.used + skippedLines(summary) == 10'000);
  CHECK(summary.used == 10'000);
  CHECK(summary.damagedTails == 1);
  std::uint64_t weights = 0;
  std::set<std::string> methods;
  for (const Step& step : scenario.steps) {
    weights += step.weight;
    methods.insert(step.method);
  }
  CHECK(weights == 10'000);
  CHECK(methods == std::set<std::string>{"GET", "HEAD", "OPTIONS", "POST"});
  std::ostringstream out;
  writeScenario(out, scenario);
  CHECK(parseScenario(out.str(), "x").steps == scenario.steps);
  MESSAGE(scenario.steps.size(), " steps, ", out.str().size(), " bytes, ", summary.asRawBytes,
          " as raw bytes");
}
