#include "gate/compare.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/metrics.hpp"
#include "analysis/statistics.hpp"
#include "gate/finding_pairs.hpp"
#include "gate/tolerance.hpp"

namespace leakgate {

namespace {

constexpr double kSignificant = 0.01;

std::vector<double> windowMedians(const std::vector<LatencyWindow>& windows) {
  std::vector<double> medians;
  medians.reserve(windows.size());
  for (const auto& window : windows) medians.push_back(window.p50Ns);
  return medians;
}

bool worsens(const Metric& before, const Metric& after) {
  if (isGrowth(after) && after.value <= 0) return false;
  return after.direction == Direction::lower ? after.value > before.value : after.value < before.value;
}

bool sampledDiffers(const Metric& before, const Metric& after, double windowsP) {
  if (std::abs(after.value - before.value) < kSampledEffect * std::abs(before.value)) return false;
  return after.name != "latency.p50_ns" || windowsP < kSignificant;
}

Change exactChange(const Metric& before, const Metric& after) {
  if (after.value == before.value) return Change::same;
  if (worsens(before, after)) return Change::worse;
  return worsens(after, before) ? Change::better : Change::same;
}

Change spreadChange(const Metric& before, const Metric& after) {
  if (beyondTolerance(before, after)) return Change::worse;
  return clearlyBetter(before, after) ? Change::better : Change::same;
}

Change changeOf(const Metric& before, const Metric& after, bool sameEnvironment, double windowsP) {
  if (after.kind == MetricKind::sampled) {
    // A drift is judged by its own interval in each run; a difference of two drifts means nothing.
    if (!sameEnvironment || after.name == "latency_drift_percent") return Change::notCompared;
    return sampledDiffers(before, after, windowsP) ? exactChange(before, after) : Change::same;
  }
  return countChange(before, after);
}

double leastOf(const Metric& metric) { return rangeOf(metric).low; }

// The steady part of the allocations is compared if the sum of all varies, and only if the sum rose above its
// lowest value too: otherwise another place may have become steady.
bool steadySpeaks(const Baseline& before, const Report& after, const Metric& old, const Metric& now) {
  constexpr std::string_view kTotal = "allocations_per_request";
  const Metric* was = findMetric(before.metrics, kTotal);
  const Metric* is = findMetric(after.metrics, kTotal);
  if (was == nullptr || is == nullptr || !isSpread(*was, *is)) return false;
  return leastOf(*is) - leastOf(*was) >= (leastOf(now) - leastOf(old)) / 2;
}

void compareFindings(const Baseline& before, const Report& after, Comparison& comparison) {
  std::vector<FindingIdentity> known;
  for (const auto& finding : before.findings) known.push_back({finding.fingerprint, finding.site});
  std::vector<const NamedFinding*> found;
  std::vector<FindingIdentity> identities;
  for (const auto& finding : after.findings) {
    if (finding.growth.kind == FindingKind::slowdown) continue;
    found.push_back(&finding);
    identities.push_back({finding.fingerprint, finding.site});
  }
  std::vector<bool> stays(known.size());
  const auto pairs = pairFindings(known, identities);
  for (std::size_t j = 0; j < pairs.size(); ++j) {
    if (pairs[j]) {
      stays[pairs[j]->before] = true;
    } else {
      comparison.newFindings.push_back(*found[j]);
    }
  }
  for (std::size_t i = 0; i < stays.size(); ++i)
    if (!stays[i]) comparison.goneFindings.push_back(before.findings[i]);
}

}  // namespace

Change countChange(const Metric& before, const Metric& after) {
  // A single run cannot show whether a count varies: repeats decide.
  return isSpread(before, after) ? spreadChange(before, after) : exactChange(before, after);
}

bool isSpread(const Metric& before, const Metric& after) {
  return before.kind == MetricKind::spread || after.spread.has_value();
}

bool Comparison::regressed() const {
  const bool worseCount = std::any_of(metrics.begin(), metrics.end(), [](const MetricChange& change) {
    const bool bothExact = change.before.kind == MetricKind::exact && change.after.kind == MetricKind::exact;
    const bool repeated = change.before.spread.has_value() || change.after.spread.has_value();
    return change.change == Change::worse && (bothExact || repeated);
  });
  return worseCount || !newFindings.empty();
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
    Change change = changeOf(*old, metric, comparison.sameEnvironment, windowsP);
    const bool silent =
        metric.name == "steady_allocations_per_request" && !steadySpeaks(before, after, *old, metric);
    comparison.metrics.push_back({*old, metric, silent ? Change::notCompared : change});
  }
  for (const auto& metric : before.metrics) {
    const bool counted = metric.kind != MetricKind::sampled && metric.direction != Direction::none;
    if (counted && findMetric(after.metrics, metric.name) == nullptr)
      comparison.missing.push_back(metric.name);
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
