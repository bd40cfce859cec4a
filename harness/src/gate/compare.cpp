#include "gate/compare.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "analysis/metrics.hpp"
#include "analysis/statistics.hpp"

namespace leakgate {

namespace {

constexpr double kSignificant = 0.01;

std::vector<double> windowMedians(const std::vector<LatencyWindow>& windows) {
  std::vector<double> medians;
  for (const auto& window : windows) medians.push_back(window.p50Ns);
  return medians;
}

bool worsens(const Metric& before, const Metric& after) {
  return after.direction == Direction::lower ? after.value > before.value : after.value < before.value;
}

bool sampledDiffers(const Metric& before, const Metric& after, double windowsP) {
  if (std::abs(after.value - before.value) < kSampledEffect * std::abs(before.value)) return false;
  return after.name != "latency.p50_ns" || windowsP < kSignificant;
}

Change changeOf(const Metric& before, const Metric& after, bool sameEnvironment, double windowsP) {
  if (after.kind == MetricKind::sampled) {
    // A drift is judged by its own interval in each run, a difference of two drifts says nothing.
    if (!sameEnvironment || after.name == "latency_drift_percent") return Change::notCompared;
    if (!sampledDiffers(before, after, windowsP)) return Change::same;
  }
  if (after.value == before.value) return Change::same;
  return worsens(before, after) ? Change::worse : Change::better;
}

void compareFindings(const Baseline& before, const Report& after, Comparison& comparison) {
  std::map<std::string, int> known;
  for (const auto& finding : before.findings) ++known[finding.fingerprint];
  for (const auto& finding : after.findings) {
    if (finding.growth.kind == FindingKind::slowdown) continue;
    if (--known[finding.fingerprint] < 0) comparison.newFindings.push_back(finding);
  }
  for (const auto& finding : before.findings) {
    if (known[finding.fingerprint]-- > 0) comparison.goneFindings.push_back(finding);
  }
}

}  // namespace

bool Comparison::regressed() const {
  const bool worseExact = std::any_of(metrics.begin(), metrics.end(), [](const MetricChange& change) {
    return change.change == Change::worse && change.after.kind == MetricKind::exact;
  });
  return worseExact || !newFindings.empty();
}

Comparison compare(const Baseline& before, const Report& after) {
  Comparison comparison;
  comparison.sameEnvironment = before.environment.fingerprint == after.environment.fingerprint;
  const bool windows = !before.windows.empty() && !after.windows.empty();
  const double windowsP =
      windows ? mannWhitneyP(windowMedians(before.windows), windowMedians(after.windows)) : 0;
  for (const auto& metric : after.metrics) {
    const Metric* old = findMetric(before.metrics, metric.name);
    if (old == nullptr || metric.direction == Direction::none) continue;
    comparison.metrics.push_back(
        {*old, metric, changeOf(*old, metric, comparison.sameEnvironment, windowsP)});
  }
  for (const auto& metric : before.metrics) {
    const bool exact = metric.kind == MetricKind::exact && metric.direction != Direction::none;
    if (exact && findMetric(after.metrics, metric.name) == nullptr) comparison.missing.push_back(metric.name);
  }
  compareFindings(before, after, comparison);
  return comparison;
}

std::string_view toString(Change change) {
  switch (change) {
    case Change::same:
      return "same";
    case Change::better:
      return "better";
    case Change::worse:
      return "worse";
    case Change::notCompared:
      break;
  }
  return "not compared";
}

}  // namespace leakgate
