#include "analysis/counting_noise.hpp"

#include <algorithm>
#include <cmath>

namespace leakgate {

bool neverFalls(const Series& series) {
  if (series.empty()) return true;
  const auto [low, high] = std::minmax_element(series.begin(), series.end());
  const double allowed = kFallShare * static_cast<double>(*high - *low);
  std::int64_t highest = series.front();
  for (const std::int64_t value : series) {
    highest = std::max(highest, value);
    if (static_cast<double>(highest - value) > allowed) return false;
  }
  return true;
}

bool countsAgree(double count, double expected) {
  return std::abs(count - expected) <= 1 + 3 * std::sqrt(std::abs(expected)) + kSameRate * std::abs(expected);
}

std::size_t readingAt(const std::vector<double>& axis, double at) {
  return static_cast<std::size_t>(std::lower_bound(axis.begin(), axis.end(), at - 1e-9) - axis.begin());
}

std::vector<double> numbers(const Series& series) { return {series.begin(), series.end()}; }

}  // namespace leakgate
