// Decides when a count that varies from run to run has got worse.
#pragma once

#include "analysis/metric.hpp"

namespace leakgate {

/// Whether all runs of `after` are worse than the runs of `before` explain: the best of the new ones is
/// beyond the worst of the old ones by half of their range (by more if there were fewer than five runs), and
/// by an amount that matters for such a metric. No distribution is assumed. A metric without an interval
/// counts as one run. Growth at or below zero is never worse.
bool beyondTolerance(const Metric& before, const Metric& after);

/// The same in the other direction.
bool clearlyBetter(const Metric& before, const Metric& after);

/// The range of the runs; for a single run, its value.
Spread rangeOf(const Metric& metric);

/// Whether the metric is a rise over the work, best at zero: live_*_per_request, *_growth.
bool isGrowth(const Metric& metric);

}  // namespace leakgate
