// Judges quantities that change by pages and arenas, not by single requests for memory.
#pragma once

#include <cstdint>

#include "analysis/growth_series.hpp"

namespace leakgate {

/// Limits of risesSteadily().
struct SteadyLimits {
  std::int64_t total;        ///< least rise over the run
  std::int64_t interval;     ///< least rise in each late interval
  double leastOfMean = 0.6;  ///< a late interval's rate against the mean of them all ...
  double mostOfMean = 1.5;   ///< ... a root of the work has 1.6, 1.1 and 0.8 ...
  double lastOfMean = 0.85;  ///< ... and that of the last interval, which is half of all work
};

/// Resident memory: 4 MiB in all, and 256 KiB in each of the last intervals.
inline constexpr SteadyLimits kResidentLimits{4 << 20, 256 << 10};

/// A heap that is collected after it has grown by a share: its rises come early or late.
inline constexpr SteadyLimits kCollectedLimits{4 << 20, 128 << 10, 0.3, 2.5, 0.5};

/// The last intervals, which together are seven eighths of the work of a run that was extended.
inline constexpr std::size_t kLateIntervals = 3;

/// Whether the series rises in proportion to the work, within its resolution: after both extensions, and in
/// each of the last three intervals, at about the same rate. A cache that fills up, or a rise with a root or
/// a logarithm of the work, slows down with each doubling.
bool risesSteadily(const Series& series, const Work& work, const SteadyLimits& limits);

/// Whether more work could make risesSteadily() true: it rose in the last interval, and did not stop before.
bool maySteadilyRise(const Series& series, const Work& work, const SteadyLimits& limits);

/// The rise per event over the late intervals.
double lateRate(const Series& series, const Work& work);

}  // namespace leakgate
