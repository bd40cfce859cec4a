// How fast a client gives or takes bytes, and whether that is fast enough.
#pragma once

#include <cstdint>
#include <limits>

namespace h3::server {

/// A minimum rate over the recent past: bytes buy time.
///
/// Each byte is worth 1 / rate seconds, but no more than a grace ahead. So a client at the rate lasts for
/// ever, one at half the rate for twice the grace, and one that stalls for the grace, whatever it did before.
///
/// Reads no clock. Times in milliseconds. Threads: one owner.
class Pace {
 public:
  struct Limit {
    std::uint32_t bytesPerSecond;  ///< 0: one byte buys the whole grace
    std::uint32_t graceMs;
  };

  static constexpr std::uint64_t kUnknown = std::numeric_limits<std::uint64_t>::max();

  /// Begins with the whole grace. `bytes`: the total so far.
  void start(std::uint64_t bytes, std::uint64_t nowMs, const Limit& limit);
  /// `bytes`: the total until now, less than before only if the system has miscounted.
  void record(std::uint64_t bytes, std::uint64_t nowMs, const Limit& limit);
  /// The client could not move any since the last record().
  void excuse(std::uint64_t nowMs) {
    paidUntilMs_ += nowMs - lastMs_;
    lastMs_ = nowMs;
  }
  bool isTooSlow(std::uint64_t nowMs) const { return nowMs > paidUntilMs_; }
  /// Of the last seconds; kUnknown until the second record().
  std::uint64_t bytesPerSecond() const { return bytesPerSecond_; }

 private:
  void measure(std::uint64_t moved, std::uint64_t nowMs);

  std::uint64_t bytes_ = 0;
  std::uint64_t lastMs_ = 0;
  std::uint64_t paidUntilMs_ = 0;
  std::uint64_t bytesPerSecond_ = kUnknown;
};

}  // namespace h3::server
