#include "monitor/rank_statistics.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <limits>

namespace h3 {
namespace {

double nth(std::span<double> values, std::size_t index) {
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(index);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// The median, and the order statistics `reach` ranks to each side of it.
Interval aroundMedian(std::span<double> values, double reach) {
  const auto count = static_cast<double>(values.size());
  Interval result;
  const double below = std::floor(count / 2 - reach);
  const double upper = nth(values, values.size() / 2);
  const double lower =
      values.size() % 2 == 1
          ? upper
          : *std::max_element(values.begin(),
                              values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  result.estimate = (lower + upper) / 2;
  if (below < 0) {
    result.low = -std::numeric_limits<double>::infinity();
    result.high = std::numeric_limits<double>::infinity();
    return result;
  }
  const auto index = static_cast<std::size_t>(below);
  result.low = nth(values, index);
  result.high = nth(values, values.size() - 1 - index);
  return result;
}

}  // namespace

double medianOf(std::span<float> values) {
  if (values.empty()) return 0;
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return static_cast<double>(*middle);
  return (static_cast<double>(*std::max_element(values.begin(), middle)) + static_cast<double>(*middle)) / 2;
}

Interval hodgesLehmannShift(std::span<const float> before, std::span<const float> after, double z) {
  assert(before.size() * after.size() <= kShiftPairs);
  if (before.empty() || after.empty()) return {};
  std::array<double, kShiftPairs> differences;
  std::size_t count = 0;
  for (const float b : before)
    for (const float a : after) differences[count++] = static_cast<double>(a) - static_cast<double>(b);
  const auto pairs = static_cast<double>(count);
  const double deviation = std::sqrt(pairs * static_cast<double>(before.size() + after.size() + 1) / 12);
  return aroundMedian(std::span(differences).first(count), z * deviation);
}

Trend theilSenTrend(std::span<const double> times, std::span<const double> values, double z) {
  assert(times.size() == values.size() && values.size() <= kTrendValues);
  if (values.size() < 2) return {};
  std::array<double, kTrendValues*(kTrendValues - 1) / 2> slopes;
  std::size_t count = 0;
  double rises = 0;  // less falls: Kendall's S
  for (std::size_t j = 1; j < values.size(); ++j) {
    for (std::size_t i = 0; i < j; ++i) {
      const double slope = (values[j] - values[i]) / (times[j] - times[i]);
      slopes[count++] = slope;
      rises += slope > 0 ? 1 : slope < 0 ? -1 : 0;
    }
  }
  const auto n = static_cast<double>(values.size());
  const double deviation = std::sqrt(n * (n - 1) * (2 * n + 5) / 18);
  Trend trend;
  trend.slope = aroundMedian(std::span(slopes).first(count), z * deviation / 2);
  trend.kendallZ = rises == 0 ? 0 : (rises - std::copysign(1.0, rises)) / deviation;
  return trend;
}

}  // namespace h3
