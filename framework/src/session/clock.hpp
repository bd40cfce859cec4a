// The time, read once per batch of events.
#pragma once

#include <cstdint>
#include <ctime>

#include "monitor/clock_ns.hpp"

namespace h3::session {

/// Threads: one owner.
class Clock {
 public:
  Clock() { followWallClock(); }

  /// Reads the monotonic clock.
  void update() {
    ns_ = monotonicNs();
    ms_ = ns_ / 1'000'000;
  }
  /// Reads both clocks; from now on seconds() keeps its current distance from the monotonic clock. Call it
  /// regularly: the wall clock may be set.
  void followWallClock() {
    update();
    wallOffsetNs_ = readClockNs(CLOCK_REALTIME) - ns_;
  }

  std::uint64_t ns() const { return ns_; }  ///< monotonic, as of the last update()
  std::uint64_t ms() const { return ms_; }  ///< the same in milliseconds
  /// Wall clock, as of the last update().
  std::time_t seconds() const { return static_cast<std::time_t>((ns_ + wallOffsetNs_) / kSecondNs); }
  /// The ns() at which seconds() next increases.
  std::uint64_t secondEndsNs() const { return ns_ + kSecondNs - (ns_ + wallOffsetNs_) % kSecondNs; }

 private:
  static constexpr std::uint64_t kSecondNs = 1'000'000'000;

  std::uint64_t ns_ = 0;
  std::uint64_t ms_ = 0;
  std::uint64_t wallOffsetNs_ = 0;
};

}  // namespace h3::session
