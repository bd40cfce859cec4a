#include "gate/budget_names.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "analysis/metrics.hpp"
#include "scenario/input_error.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

bool isOfTheTarget(std::string_view name) {
  return name.starts_with("app.") || name.ends_with(".hit_ratio") || name.ends_with(".reuse_ratio");
}

// Scopes and statuses are known only after the run.
bool isOfTheRun(std::string_view name) {
  return name.starts_with("statuses.") ||
         (name.starts_with("scope.") && name.ends_with(".allocations_per_request"));
}

[[noreturn]] void refuse(const Scenario& scenario, const std::string& name, const std::string& expected,
                         const std::string& fix) {
  throw InputError(scenario.file, "budgets." + name, "no such metric", expected, fix);
}

}  // namespace

void checkBudgetNames(const Scenario& scenario) {
  if (scenario.budgets.empty()) return;
  const std::vector<std::string> known = builtInMetricNames();
  for (const auto& [name, budget] : scenario.budgets) {
    if (isOfTheRun(name) || std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (!isOfTheTarget(name)) {
      const std::string meant = didYouMean(name, known);
      refuse(scenario, name, "one of those in reports/README.md", meant.empty() ? "correct its name" : meant);
    }
    if (scenario.target.metrics.empty()) {
      refuse(scenario, name, "a metric of leakgate's own, since the scenario has no target.metrics",
             "say where the target publishes its counters: \"metrics\": \"/metrics.json\"");
    }
  }
}

}  // namespace leakgate
