#include "monitor/growth_detector.hpp"

#include <algorithm>
#include <utility>

namespace h3 {
namespace {

constexpr std::size_t kThird = GrowthDetector::kPoints / 3;
// With even growth, each step from one third to the next is half of the total growth.
constexpr double kLeastShare = 0.35;
// A series that falls by more than this share of its growth gives memory back.
constexpr double kMaxFall = 0.5;

double medianOfThird(std::span<const double> values, std::size_t third) {
  std::array<double, kThird> sorted;
  std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(third * kThird), kThird, sorted.begin());
  std::sort(sorted.begin(), sorted.end());
  return sorted[kThird / 2];
}

}  // namespace

std::optional<Growth> GrowthDetector::add(double seconds, double liveBytes, double connections) {
  if (skipped_ < kSkipped) {
    ++skipped_;
    return std::nullopt;
  }
  least_ = windows_ == 0 ? liveBytes : std::min(least_, liveBytes);
  load_ = windows_ == 0 ? connections : std::min(load_, connections);
  if (++windows_ < windowsPerPoint_) return std::nullopt;
  windows_ = 0;
  push(seconds);
  ++sinceAlarm_;
  if (!ready()) return std::nullopt;
  const Trend found = trend();
  if (growing_) {
    if (sinceAlarm_ >= kPoints && found.slope.low <= 0) growing_ = false;
    return std::nullopt;
  }
  if (!isGrowth(found)) return std::nullopt;
  growing_ = true;
  sinceAlarm_ = 0;
  return Growth{found.slope, medianOfThird(values(), 0), medianOfThird(values(), 2),
                times_.back() - times_.front()};
}

bool GrowthDetector::isGrowth(const Trend& trend) const {
  const double grownBytes = trend.slope.low * (times_.back() - times_.front());
  return trend.kendallZ > kZ && grownBytes > toleranceBytes_ && goesOn() && isNewHeight() &&
         !explainedByLoad(grownBytes / std::max(medianOfThird(values(), 0), 1.0));
}

void GrowthDetector::push(double seconds) {
  if (size_ == kPoints) forgetOldest();
  times_[size_] = seconds;
  values_[size_] = least_;
  loads_[size_] = load_;
  ++size_;
}

void GrowthDetector::forgetOldest() {
  height_ = std::max(height_, values_.front());
  if (++forgotten_ % kPoints == 0) heights_[forgotten_ / kPoints % kHistory] = std::exchange(height_, 0);
  for (auto* series : {&times_, &values_, &loads_})
    std::move(series->begin() + 1, series->end(), series->begin());
  --size_;
}

bool GrowthDetector::isNewHeight() const {
  const double before = std::max(height_, *std::max_element(heights_.begin(), heights_.end()));
  return medianOfThird(values(), 2) > before;
}

bool GrowthDetector::goesOn() const {
  const double first = medianOfThird(values(), 0);
  const double second = medianOfThird(values(), 1);
  const double third = medianOfThird(values(), 2);
  return std::min(second - first, third - second) >= kLeastShare * (third - first) &&
         deepestFall() <= kMaxFall * (third - first);
}

double GrowthDetector::deepestFall() const {
  double highest = values_.front();
  double deepest = 0;
  for (const double value : values()) {
    highest = std::max(highest, value);
    deepest = std::max(deepest, highest - value);
  }
  return deepest;
}

// Whether the connections explain the growth: memory that follows them grows no faster than they do.
bool GrowthDetector::explainedByLoad(double growthShare) const {
  const Trend loadTrend = theilSenTrend(times(), loads_, 1.96);
  const double span = times_.back() - times_.front();
  const double typical = std::max(medianOfThird(loads_, 0), 1.0);
  // Uses the estimate, once growth itself is certain.
  return loadTrend.slope.low > 0 && growthShare <= loadTrend.slope.estimate * span / typical;
}

}  // namespace h3
