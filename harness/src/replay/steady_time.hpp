// The clock of all durations here.
#pragma once

#include <chrono>
#include <cstdint>

namespace leakgate {

constexpr std::uint64_t kNsPerMs = 1'000'000;

/// Nanoseconds of the monotonic clock.
inline std::uint64_t steadyNowNs() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
}

}  // namespace leakgate
