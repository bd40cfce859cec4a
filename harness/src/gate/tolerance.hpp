// When a count that varies from run to run is worse than it was.
#pragma once

#include "analysis/metric.hpp"

namespace leakgate {

/// Whether what all runs of `after` had in common is worse than the runs of `before` explain: the best of
/// them lies beyond the worst of those by half of their range (by more where there were fewer than five runs)
/// and by an amount that matters for such a metric. No distribution is assumed. A metric without an interval
/// counts as one run. Growth at or below zero is never worse.
bool beyondTolerance(const Metric& before, const Metric& after);

/// The same in the other direction.
bool clearlyBetter(const Metric& before, const Metric& after);

/// Where the runs lay; of one run its value.
Spread rangeOf(const Metric& metric);

/// A rise over the work, of which zero is as good as it gets: live_*_per_request, *_growth.
bool isGrowth(const Metric& metric);

}  // namespace leakgate
