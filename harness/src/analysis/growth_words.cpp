#include "analysis/growth_words.hpp"

#include <fmt/core.h>

#include <cmath>

namespace leakgate {

std::string unitsPerEvent(double units) {
  return std::abs(units) >= 0.01 || units == 0 ? fmt::format("{:+.3f}", units)
                                               : fmt::format("{:+.3g}", units);
}

std::string bytesPerEvent(double bytes) {
  if (std::floor(bytes) == bytes) return fmt::format("{:+.0f} B", bytes);
  return std::abs(bytes) >= 1 ? fmt::format("{:+.1f} B", bytes) : fmt::format("{:+.3g} B", bytes);
}

}  // namespace leakgate
