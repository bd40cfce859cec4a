// Clocks as plain numbers.
#pragma once

#include <cstdint>
#include <ctime>

namespace h3 {

inline std::uint64_t readClockNs(clockid_t clock) {
  timespec now;
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}
/// std::chrono::steady_clock without the call through libstdc++.
inline std::uint64_t monotonicNs() { return readClockNs(CLOCK_MONOTONIC); }

}  // namespace h3
