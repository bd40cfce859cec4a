// Detects live bytes that keep growing: a trend over a horizon, at one scale of time.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>

#include "monitor/rank_statistics.hpp"

namespace h3 {

struct Growth {
  Interval bytesPerSecond;  ///< Theil-Sen, confidence of 0.99999 two-sided
  double beforeBytes = 0;   ///< medians of the horizon's first and last third
  double afterBytes = 0;
  double seconds = 0;  ///< length of the horizon
};

/// Finds steady growth over its last 39 points, each the least of `windowsPerPoint` values.
///
/// Growth is an alarm when
/// - Mann-Kendall's test is beyond doubt,
/// - the low end of the Theil-Sen slope makes more than the tolerance over the horizon,
/// - it goes on: a step, or a cache that is filling up, rises less and less from third to third; what falls by
///   half of its growth has a tooth,
/// - it ends above all that was seen in eight horizons before: a sawtooth does not,
/// - it is more than the connections' growth explains.
///
/// It is reported once: the next alarm needs a horizon without growth in between. Memory: no heap. Threads:
/// one owner.
class GrowthDetector {
 public:
  static constexpr std::size_t kPoints = 39;
  static constexpr std::size_t kSkipped = 12;  ///< values, while caches and pools fill
  static constexpr std::size_t kHistory = 8;   ///< horizons
  static constexpr double kZ = 4.417;

  GrowthDetector(std::size_t windowsPerPoint, double toleranceBytes)
      : windowsPerPoint_(windowsPerPoint), toleranceBytes_(toleranceBytes) {}

  /// `seconds` rises from call to call.
  std::optional<Growth> add(double seconds, double liveBytes, double connections);

  bool ready() const { return size_ == kPoints; }
  /// Growth over the horizon, whatever it means.
  Trend trend() const { return theilSenTrend(times(), values(), kZ); }

 private:
  std::span<const double> times() const { return std::span(times_).first(size_); }
  std::span<const double> values() const { return std::span(values_).first(size_); }
  void push(double seconds);
  void forgetOldest();
  bool isGrowth(const Trend& trend) const;
  bool isNewHeight() const;
  bool goesOn() const;
  double deepestFall() const;
  bool explainedByLoad(double growthShare) const;

  std::size_t windowsPerPoint_;
  double toleranceBytes_;
  std::array<double, kPoints> times_{};
  std::array<double, kPoints> values_{};
  std::array<double, kPoints> loads_{};
  std::size_t size_ = 0;
  std::size_t windows_ = 0;
  std::size_t skipped_ = 0;
  std::size_t sinceAlarm_ = 0;
  std::array<double, kHistory> heights_{};  // the most of each horizon that has gone by, a ring
  double height_ = 0;                       // of the one that is going by
  std::size_t forgotten_ = 0;
  double least_ = 0;
  double load_ = 0;
  bool growing_ = false;
};

}  // namespace h3
