// Measures what the shim costs the target, and whether two runs have the same counts.
#pragma once

#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Replays a short piece of the scenario twice with the shim, for the counts. Then two targets, one without
/// the shim, run side by side and get a shorter piece in turn, five times each: drift of the machine affects
/// both alike. All of it together sends no more requests than the run. The cost is the median over the pairs;
/// CPU time is the kernel's, for the whole target. Budgets are ignored. Errors: as replay().
ShimCost measureShimCost(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

}  // namespace leakgate
