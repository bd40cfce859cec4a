// Reduces a report's scenario to the smallest one with the same finding.
#pragma once

#include <chrono>
#include <stop_token>

#include "replay/progress.hpp"
#include "report/report.hpp"
#include "session/measure.hpp"
#include "trigger/gauge.hpp"
#include "trigger/minimize.hpp"

namespace leakgate {

struct MinimizeLimits {
  unsigned maxRuns = 0;
  std::chrono::steady_clock::time_point deadline;
};

struct MinimizedLeak {
  NamedFinding finding;  ///< of the run that confirmed it: this build's addresses
  Gauge gauge;
  MinimalScenario minimal;
};

/// Whether each request adds to the growth; only that can be minimized, not jumps or slowness.
bool growsByRequest(const NamedFinding& finding);

/// Confirms the finding by one run of the scenario at `depth`, then shrinks the scenario by experiments
/// against one running target. Errors: MeasureError, also when the leak does not come back; Interrupted;
/// InputError as replay().
MinimizedLeak minimizeLeak(Measurer& measurer, const Scenario& whole, Depth depth, const NamedFinding& wanted,
                           const MinimizeLimits& limits, std::stop_token stop, Progress& progress);

}  // namespace leakgate
