// Detects whether the target got slower during the run.
#pragma once

#include <optional>

#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr double kDriftThresholdPercent = 5;  ///< where the scenario's budget names none
inline constexpr std::size_t kDriftWindows = 10;     ///< compared at either end of the run

/// Compares the last windows with the first, by the median of their medians. Positive: slower at the end.
struct LatencyDrift {
  double percent = 0;
  double low = 0;  ///< 95 % confidence interval
  double high = 0;
  double p = 1;  ///< Mann-Whitney, two-sided
  /// The same for the floor: the fast windows of the last quarter against those of the first.
  double floorPercent = 0;
  double thresholdPercent = kDriftThresholdPercent;

  /// Whether it is slower by its whole interval and by its floor. Other programs on the machine make requests
  /// slower, never faster, and for longer than a window: a target that got slower is also slower in
  /// undisturbed windows. This is one run only: the gate repeats it before it fails.
  bool slower() const { return low > thresholdPercent && floorPercent > thresholdPercent && p < 0.05; }
};

/// Nothing when the run has too few windows. The threshold is the scenario's budget for latency_drift_percent
/// (max), or kDriftThresholdPercent. Pure; the bootstrap is seeded with the scenario's seed.
std::optional<LatencyDrift> latencyDrift(const RunRecord& record);

/// The same for any windows, such as one step's.
std::optional<LatencyDrift> latencyDrift(const std::vector<LatencyWindow>& windows, const Scenario& scenario);

}  // namespace leakgate
