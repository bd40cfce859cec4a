// Checks that a scenario's budgets name possible metrics.
#pragma once

#include "scenario/scenario.hpp"

namespace leakgate {

/// Refuses, before the run, a budget for a metric that no run of this scenario can have: neither one that
/// leakgate measures, nor of a scope, of a status, or of the target's own counters, if it publishes any.
/// Errors: InputError.
void checkBudgetNames(const Scenario& scenario);

}  // namespace leakgate
