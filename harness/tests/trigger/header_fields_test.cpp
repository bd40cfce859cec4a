#include "trigger/header_fields.hpp"

#include <doctest/doctest.h>

#include "trigger/varied_step.hpp"

using namespace leakgate;

TEST_CASE("header fields go and come one by one, but for those that a request needs") {
  Scenario scenario;
  scenario.name = "sample";
  scenario.target.command = {"server", "{port}"};
  scenario.steps.emplace_back().name = "get";
  scenario.steps[0].headers = {
      {"Accept", "*/*"}, {"Host", "x"}, {"ACCEPT", "text/html"}, {"Connection", "close"}};
  CHECK(droppableFields(scenario.steps[0]) == std::vector<std::string>{"accept"});
  const auto without = withoutField(scenario, "accept");
  REQUIRE(without.has_value());
  CHECK(without->steps[0].headers == std::vector<HeaderField>{{"Host", "x"}, {"Connection", "close"}});
  CHECK(varied(scenario, Variation::withoutFields)->steps[0].headers == without->steps[0].headers);
  CHECK_FALSE(withoutField(scenario, "dnt").has_value());
  CHECK_FALSE(withField(scenario, {"accept", "a"}).has_value());
  CHECK(withField(*without, {"Accept", "a"})->steps[0].headers.back() == HeaderField{"Accept", "a"});
}
