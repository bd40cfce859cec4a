// Detects a risen level of a noisy series, by comparing its latest values with its first ones.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "monitor/rank_statistics.hpp"

namespace h3 {

/// Finds the point where a series of window averages rises for good.
///
///     4 skipped | reference, 20 to 40, then fixed | recent, 16 to 48 |
///
/// It gets one value per window, on a scale where equal differences matter equally (logarithms of latencies).
/// When even the low end of the interval of the Hodges-Lehmann shift from the reference to the last 16 or to
/// the last 48 values exceeds the tolerance, that is one alarm, and the reference is learned again: one alarm
/// per change. A fall is no alarm; when it lasts it becomes the new reference. Windows with more than 1.5
/// times the reference's load (an EWMA) are left out, because a queue or a cache explains them; when they
/// last, the reference is learned again at that load. Memory: no heap. Threads: one owner.
class ShiftDetector {
 public:
  static constexpr std::size_t kSkipped = 4;
  static constexpr std::size_t kReferenceLeast = 20;
  static constexpr std::size_t kReference = 40;
  static constexpr std::size_t kRecentLeast = 16;
  static constexpr std::size_t kRecent = 48;
  static constexpr std::size_t kLasting =
      120;  ///< windows after which a fall, or another load, is the new normal
  static constexpr double kLoadFactor = 1.5;
  static constexpr double kZ = 3.09;  ///< one-sided confidence of 0.999

  /// The tolerance is a difference of values. Returns the shift when it is an alarm.
  std::optional<Interval> add(double value, double load, double tolerance);

  /// Whether both sides have enough values for shift().
  bool ready() const { return referenceSize_ >= kReferenceLeast && recentSize_ >= kRecentLeast; }
  Interval shift() const { return shiftOf(kRecentLeast); }
  double reference() const;  ///< median

 private:
  void learn(double value, double load, double tolerance);
  void restart();
  std::optional<Interval> judge(std::size_t count, double tolerance) const;
  void noteFall(double tolerance);
  Interval shiftOf(std::size_t count) const;
  double riseOf(std::size_t count) const;
  std::span<const float> last(std::size_t count) const {
    return std::span(recent_).first(recentSize_).last(count);
  }

  std::array<float, kReference> reference_{};
  std::array<float, kRecent> recent_{};  // oldest first
  double load_ = 0;                      // EWMA over the windows of the reference
  std::uint8_t referenceSize_ = 0;
  std::uint8_t recentSize_ = 0;
  std::uint8_t skipped_ = 0;
  std::uint8_t overloaded_ = 0;
  std::uint8_t fallen_ = 0;
};

}  // namespace h3
