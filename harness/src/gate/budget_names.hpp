// Whether a scenario's budgets name metrics that there can be.
#pragma once

#include "scenario/scenario.hpp"

namespace leakgate {

/// Refuses a budget that no run of this scenario can have: neither a metric that leakgate measures, nor a
/// scope's, a status's, or, where the target publishes its own counters, one of those. Before the run.
/// Errors: InputError.
void checkBudgetNames(const Scenario& scenario);

}  // namespace leakgate
