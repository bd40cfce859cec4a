// What the shim costs the target, and whether two runs count the same.
#pragma once

#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Replays a short piece of the scenario twice with the shim, for the counts. Then two targets, one without
/// it, stand side by side and are given a shorter one in turn, five times each: what drifts on the machine
/// meets both alike. All of it together sends no more requests than the run. The cost is the median of the
/// pairs' own; CPU time is the kernel's for the whole target. A scenario's budgets do not matter here.
/// Errors: as replay().
ShimCost measureShimCost(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

}  // namespace leakgate
