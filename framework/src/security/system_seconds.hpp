#pragma once

#include <chrono>
#include <cstdint>

namespace h3::security {

/// Seconds since 1970 of the system's clock.
inline std::int64_t systemSeconds() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

}  // namespace h3::security
