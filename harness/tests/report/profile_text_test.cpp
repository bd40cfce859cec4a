#include "report/profile_text.hpp"

#include <doctest/doctest.h>

#include <sstream>

#include "report/sample_report.hpp"

using namespace leakgate;

namespace {

Report profiled() {
  Report report = cleanReport();
  report.profile = sampleProfile();
  return report;
}

void checkColumns(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    CHECK(line.size() <= 80);
  }
}

}  // namespace

TEST_CASE("a list has counts per request, shares, and what they cover") {
  const std::string text = profileText(profiled(), {});
  CHECK(text == R"(PROFILE  sample, all steps mixed
  requests     8,000 (200: 8000)
  allocations  3 per request, 60 B
  then         2 freed in their block of requests, 0.999 later, 0.00125 kept
  live         22 blocks, 440 B at the end
  others       0.0042 % of the allocations are of no listed stack
  kernel       0 page faults per request, 0 from disk; 0 waits, 0 preemptions

by allocations: 2 of 3 stacks, 100.0 % of the total
allocs/req  bytes/req live bytes   share  then    function
         2         40          0  66.7 %  freed   h3::Event::setContext
      at /src/app/src/event.cpp:88
         1     19.997        440  33.3 %  mixed   h3::Event::setContext
      at /src/app/src/event.cpp:88

each step alone, in a new process
  step   allocs/req  bytes/req  kept/req  most by
  login           2         40         0  h3::Event::setContext
  logout: the target ended
)");
  checkColumns(text);
}

TEST_CASE("the order and the shares are of what is asked for") {
  ProfileTextOptions options;
  options.by = ProfileBy::live;
  options.top = 1;
  const std::string text = profileText(profiled(), options);
  CHECK(text.find("by live bytes: 1 of 2 stacks, 100.0 % of the total") != std::string::npos);
  CHECK(text.find("33.3 %") == std::string::npos);
  options.step = "login";
  CHECK(profileText(profiled(), options).find("PROFILE  sample, step login alone\n") == 0);
}

TEST_CASE("long names keep their ends, and no line is longer than a terminal") {
  CHECK(shortened("abcdefgh", 8) == "abcdefgh");
  CHECK(shortened("abcdefghi", 8) == "...efghi");
  CHECK(shortened("\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9", 8) == "...\xC3\xA9\xC3\xA9");
  Report report = profiled();
  for (Frame& frame : report.profile->frames) {
    frame.function = std::string(300, 'f') + std::to_string(frame.line);
    frame.file = "/" + std::string(300, 'd') + "/a.cpp";
  }
  report.profile->steps[0].step = std::string(64, 's');
  report.profile->steps[1].problem.clear();
  checkColumns(profileText(report, {}));
  ProfileTextOptions tree;
  tree.tree = true;
  tree.top = 100;
  checkColumns(profileText(report, tree));
}

TEST_CASE("amounts per request fit their column") {
  struct Row {
    std::uint64_t amount, requests;
    const char* text;
  };
  const Row rows[] = {{0, 8, "0"},
                      {8, 0, "0"},
                      {24, 8, "3"},
                      {1, 8000, "0.000125"},
                      {10, 8, "1.250"},
                      {80'000, 8, "10,000"},
                      {12'345, 8, "1,543"},
                      {100'000'001, 1, "100.0 M"},
                      {123'456'789'012, 1, "123.5 G"}};
  for (const Row& row : rows) {
    CAPTURE(row.text);
    CHECK(perRequestText(row.amount, row.requests) == row.text);
    CHECK(perRequestText(row.amount, row.requests).size() <= 10);
  }
}

TEST_CASE("the fate of allocations in a word") {
  CHECK(lifetimeOf({}) == "-");
  CHECK(lifetimeOf({0, 0, 0, 0, 5, 50}) == "-");
  CHECK(lifetimeOf({5, 50, 5, 0}) == "freed");
  CHECK(lifetimeOf({5, 50, 0, 5}) == "later");
  CHECK(lifetimeOf({5, 50, 0, 0, 5, 50}) == "kept");
  CHECK(lifetimeOf({5, 50, 4, 1}) == "mixed");
}
