// What the shim costs the target, and whether two runs count the same.
#pragma once

#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Replays a short piece of the scenario four times, the shim off, on, on, off, so that what drifts on the
/// machine meets both alike. CPU time is the kernel's for the whole target. A scenario's budgets do not
/// matter here. Errors: as replay().
ShimCost measureShimCost(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

}  // namespace leakgate
