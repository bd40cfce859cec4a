#include "gate/budget_names.hpp"

#include <doctest/doctest.h>

#include "scenario/input_error.hpp"

using namespace leakgate;

namespace {

std::string refusal(const std::string& name, const std::string& metrics = "") {
  Scenario scenario;
  scenario.file = "s.json";
  scenario.target.metrics = metrics;
  scenario.budgets[name].max = 0;
  try {
    checkBudgetNames(scenario);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a budget that no run can have is refused before it") {
  for (const char* known : {"live_bytes_growth", "allocations_per_request", "steady_allocations_per_request",
                            "latency_drift_percent", "cpu_ns_per_request", "statuses.200",
                            "scope.setContext.allocations_per_request"}) {
    CAPTURE(known);
    CHECK(refusal(known) == "");
  }
  CHECK(refusal("live_byte_growth") ==
        "s.json: budgets.live_byte_growth: found no such metric, expected one of those in reports/README.md; "
        "did you "
        "mean live_bytes_growth?");
  CHECK(refusal("scope.setContext") != "");
}

TEST_CASE("the target's own counters need a place that publishes them") {
  for (const char* name : {"app.sessions", "event_pool.reuse_ratio", "route_cache.hit_ratio"}) {
    CAPTURE(name);
    CHECK(refusal(name, "/metrics.json") == "");
    CHECK(refusal(name).find("the scenario has no target.metrics") != std::string::npos);
  }
}
