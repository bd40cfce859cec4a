#include "gate/workload_loosening.hpp"

#include <doctest/doctest.h>

#include <functional>

using namespace leakgate;

namespace {

Scenario twoSteps() {
  Scenario scenario;
  scenario.target.command = {"server", "{port}"};
  scenario.steps.resize(2);
  scenario.steps[0].name = "login";
  scenario.steps[0].path = "/login";
  scenario.steps[1].name = "logout";
  return scenario;
}

}  // namespace

TEST_CASE("what a scenario asks less") {
  struct Row {
    std::function<void(Scenario&)> change;
    std::vector<std::string> expected;  ///< subject, from, to
  };
  const Row rows[] = {
      {[](Scenario&) {}, {}},
      {[](Scenario& s) { s.steps.erase(s.steps.begin()); }, {"step login", "GET /login", "gone"}},
      {[](Scenario& s) { s.steps.emplace_back().name = "more"; }, {}},
      {[](Scenario& s) { s.steps[0].expect.reset(); }, {"expect of step login", "status 200", "nothing"}},
      {[](Scenario& s) {
         s.steps[0].expect = Expect{{200, 500}};
       },
       {"expect of step login", "status 200", "status 200 or 500"}},
      {[](Scenario& s) {
         s.steps[0].expect = Expect{{}, std::nullopt, 300};
       },
       {"expect of step login", "status 200", "any status below 300"}},
      {[](Scenario& s) {
         s.steps[0].expect = Expect{{200}, "welcome"};
       },
       {}},
      {[](Scenario& s) { s.load.requests = 8000; }, {"load.requests", "20,000", "8,000"}},
      {[](Scenario& s) { s.load.requests = 80'000; }, {}},
      {[](Scenario& s) { s.load.connections = 1; }, {"load.connections", "8", "1"}},
      {[](Scenario& s) { s.target.command[0] = "twin"; }, {"target.command", "server {port}", "twin {port}"}},
  };
  for (const auto& row : rows) {
    Scenario after = twoSteps();
    row.change(after);
    std::vector<std::string> found;
    for (const auto& one : loosenedWorkload(twoSteps(), after)) {
      for (const auto& text : {one.subject, one.from, one.to}) found.push_back(text);
    }
    CHECK(found == row.expected);
  }
}

TEST_CASE("an exact body that is no longer expected is less") {
  Scenario before = twoSteps();
  before.steps[0].expect = Expect{{200}, "welcome"};
  const auto list = loosenedWorkload(before, twoSteps());
  REQUIRE(list.size() == 1);
  CHECK(list[0].from == "status 200 and an exact body");
}
