#include "revisions/commit_gauge.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "analysis/finding_kind.hpp"
#include "analysis/metrics.hpp"
#include "analysis/statistics.hpp"
#include "gate/finding_pairs.hpp"

namespace leakgate {

namespace {

double amountOf(const Finding& growth) {
  if (growth.follows == Follows::time)
    return growth.bytesPerSecond != 0 ? growth.bytesPerSecond : growth.blocksPerSecond;
  return growth.blocksPerEvent != 0 ? growth.blocksPerEvent : growth.bytesPerEvent;
}

std::string unitOf(const Finding& growth) {
  if (growth.follows == Follows::time) return growth.bytesPerSecond != 0 ? "B/s" : "1/s";
  return growth.blocksPerEvent != 0 ? std::string(traitsOf(growth.kind).unit) : "B";
}

// Growth there that the run could not decide.
bool isUndecided(const Report& report, const Place& place) {
  return std::any_of(report.observations.begin(), report.observations.end(),
                     [&](const NamedObservation& seen) {
                       return seen.growth.pattern == Pattern::slow && seen.place.function == place.function;
                     });
}

}  // namespace

CommitGauge CommitGauge::ofMetric(std::string name, std::string unit) {
  CommitGauge gauge;
  gauge.metric_ = std::move(name);
  gauge.unit_ = std::move(unit);
  return gauge;
}

CommitGauge CommitGauge::ofFinding(NamedFinding finding) {
  CommitGauge gauge;
  gauge.unit_ = unitOf(finding.growth);
  gauge.finding_ = std::move(finding);
  return gauge;
}

const NamedFinding* CommitGauge::findIn(const Report& report) const {
  if (!finding_) return nullptr;
  const std::array<const NamedFinding*, 1> wanted{&*finding_};
  std::vector<const NamedFinding*> found;
  found.reserve(report.findings.size());
  for (const NamedFinding& finding : report.findings) found.push_back(&finding);
  const auto pairs = pairFindings(wanted, found);
  for (std::size_t j = 0; j < pairs.size(); ++j)
    if (pairs[j]) return found[j];
  return nullptr;
}

std::optional<double> CommitGauge::read(const Report& report) const {
  if (!finding_) {
    const Metric* metric = findMetric(report.metrics, metric_);
    if (metric == nullptr) return std::nullopt;
    return metric->value;
  }
  if (const NamedFinding* found = findIn(report)) return amountOf(found->growth);
  if (isUndecided(report, finding_->place)) return std::nullopt;
  return 0;
}

std::string CommitGauge::name() const {
  if (!finding_) return metric_;
  return "growth of " +
         (finding_->place.function.empty() ? finding_->growth.subject : finding_->place.function);
}

std::optional<CommitLimit> CommitLimit::between(std::span<const double> good, std::span<const double> bad) {
  const auto [goodLow, goodHigh] = std::minmax_element(good.begin(), good.end());
  const auto [badLow, badHigh] = std::minmax_element(bad.begin(), bad.end());
  CommitLimit limit;
  limit.exact_ = *goodLow == *goodHigh && *badLow == *badHigh;
  if (*badLow > *goodHigh) {
    limit.good_ = *goodHigh;
    limit.bad_ = *badLow;
    return limit;
  }
  if (*badHigh >= *goodLow) return std::nullopt;
  limit.sign_ = -1;
  limit.good_ = -*goodLow;
  limit.bad_ = -*badHigh;
  return limit;
}

Side CommitLimit::sideOf(std::span<const double> readings) const {
  if (readings.empty()) return Side::unknown;
  const auto [low, high] = std::minmax_element(readings.begin(), readings.end());
  const double best = sign_ > 0 ? *low : -*high;
  const double worst = sign_ > 0 ? *high : -*low;
  if (exact_) {
    if (worst <= good_) return Side::good;
    if (best >= bad_) return Side::bad;
    return best > good_ && readings.size() > 1 && best == worst ? Side::bad : Side::unknown;
  }
  const double margin = (bad_ - good_) / 4;
  const double middle = sign_ * median(readings);
  if (middle <= good_ + margin) return Side::good;
  return middle >= bad_ - margin ? Side::bad : Side::unknown;
}

}  // namespace leakgate
