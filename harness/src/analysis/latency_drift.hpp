// Whether the target got slower while it worked.
#pragma once

#include <optional>

#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr double kDriftThresholdPercent = 5;  ///< where the scenario's budget names none
inline constexpr std::size_t kDriftWindows = 10;     ///< compared at either end of the run

/// The last windows against the first, by the median of their medians. Positive: slower at the end.
struct LatencyDrift {
  double percent = 0;
  double low = 0;  ///< 95 % confidence interval
  double high = 0;
  double p = 1;  ///< Mann-Whitney, two-sided
  /// The same for the floor: the fast windows of the last quarter against those of the first.
  double floorPercent = 0;
  double thresholdPercent = kDriftThresholdPercent;

  /// Slower, the whole interval says so, and so does the floor. Others on the machine make requests slower,
  /// never faster, and for longer than a window: a target that got slower is slower in the windows they left
  /// alone too. Still one run's word: the gate asks other runs before it fails.
  bool slower() const { return low > thresholdPercent && floorPercent > thresholdPercent && p < 0.05; }
};

/// Nothing when the run has too few windows. The threshold is the scenario's budget for latency_drift_percent
/// (max), or kDriftThresholdPercent. Pure; the bootstrap is seeded with the scenario's seed.
std::optional<LatencyDrift> latencyDrift(const RunRecord& record);

/// The same of any windows, such as one step's.
std::optional<LatencyDrift> latencyDrift(const std::vector<LatencyWindow>& windows, const Scenario& scenario);

}  // namespace leakgate
