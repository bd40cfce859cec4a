#include "analysis/latency_drift.hpp"

#include <algorithm>
#include <span>
#include <vector>

#include "analysis/statistics.hpp"

namespace leakgate {

namespace {

double thresholdOf(const Scenario& scenario) {
  const auto budget = scenario.budgets.find("latency_drift_percent");
  const bool given = budget != scenario.budgets.end() && budget->second.max.has_value();
  return given ? *budget->second.max : kDriftThresholdPercent;
}

// The upper bound of the fastest fifth.
double floorOf(std::span<const double> medians) {
  std::vector<double> sorted(medians.begin(), medians.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted[sorted.size() / 5];
}

double percentOf(double after, double before) { return 100 * (after - before) / before; }

}  // namespace

std::optional<LatencyDrift> latencyDrift(const RunRecord& record) {
  return latencyDrift(record.windows, record.scenario);
}

std::optional<LatencyDrift> latencyDrift(const std::vector<LatencyWindow>& windows,
                                         const Scenario& scenario) {
  std::vector<double> medians;
  for (const auto& window : windows) {
    if (window.requests > 0) medians.push_back(window.p50Ns);
  }
  if (medians.size() < 2 * kDriftWindows) return std::nullopt;
  const std::span<const double> all(medians);
  const auto first = all.first(kDriftWindows);
  const auto last = all.last(kDriftWindows);
  const double before = median(first);
  if (*std::min_element(all.begin(), all.end()) <= 0) return std::nullopt;

  LatencyDrift drift;
  drift.percent = percentOf(median(last), before);
  const std::size_t quarter = all.size() / 4;
  drift.floorPercent = percentOf(floorOf(all.last(quarter)), floorOf(all.first(quarter)));
  const auto interval = bootstrapDriftPercent(first, last, scenario.load.seed);
  drift.low = interval.low;
  drift.high = interval.high;
  drift.p = mannWhitneyP(first, last);
  drift.thresholdPercent = thresholdOf(scenario);
  return drift;
}

}  // namespace leakgate
