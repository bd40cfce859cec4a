#include "monitor/shift_detector.hpp"

#include <algorithm>

namespace h3 {

std::optional<Interval> ShiftDetector::add(double value, double load, double tolerance) {
  if (skipped_ < kSkipped) {
    ++skipped_;
    return std::nullopt;
  }
  if (recentSize_ != 0 && load > kLoadFactor * load_) {
    if (++overloaded_ >= kLasting) restart();
    return std::nullopt;
  }
  overloaded_ = 0;
  learn(value, load, tolerance);
  if (!ready()) return std::nullopt;
  for (const std::size_t count : {kRecentLeast, kRecent}) {
    const auto found = recentSize_ < count ? std::nullopt : judge(count, tolerance);
    if (!found) continue;
    restart();
    return found;
  }
  noteFall(tolerance);
  return std::nullopt;
}

// The oldest recent value joins the reference, until that is full; but not while the recent ones look higher,
// because the reference must not include the change to detect.
void ShiftDetector::learn(double value, double load, double tolerance) {
  const bool full = referenceSize_ == kReference;
  const bool suspicious = ready() && riseOf(kRecentLeast) > tolerance / 2;
  if (recentSize_ == kRecent || (recentSize_ >= kRecentLeast && !full && !suspicious)) {
    if (!full && !suspicious) reference_[referenceSize_++] = recent_.front();
    std::move(recent_.begin() + 1, recent_.begin() + recentSize_, recent_.begin());
    --recentSize_;
  }
  recent_[recentSize_++] = static_cast<float>(value);
  if (load_ == 0) load_ = load;
  if (!full) load_ += (load - load_) / kRecentLeast;
}

std::optional<Interval> ShiftDetector::judge(std::size_t count, double tolerance) const {
  if (riseOf(count) <= tolerance) return std::nullopt;  // cheap, and nearly always sufficient
  const Interval found = shiftOf(count);
  return found.low > tolerance ? std::optional(found) : std::nullopt;
}

void ShiftDetector::noteFall(double tolerance) {
  const bool fallen = riseOf(kRecentLeast) < -tolerance && shift().high < -tolerance;
  fallen_ = fallen ? static_cast<std::uint8_t>(fallen_ + 1) : std::uint8_t{0};
  if (fallen_ >= kLasting) restart();
}

void ShiftDetector::restart() { *this = ShiftDetector{}; }

Interval ShiftDetector::shiftOf(std::size_t count) const {
  return hodgesLehmannShift(std::span(reference_).first(referenceSize_), last(count), kZ);
}

double ShiftDetector::reference() const {
  std::array<float, kReference> values = reference_;
  return medianOf(std::span(values).first(referenceSize_));
}

double ShiftDetector::riseOf(std::size_t count) const {
  std::array<float, kRecent> values;
  std::copy_n(last(count).begin(), count, values.begin());
  return medianOf(std::span(values).first(count)) - reference();
}

}  // namespace h3
