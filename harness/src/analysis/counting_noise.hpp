// What readings of one quantity say beyond noise: whether they fall, and whether two counts agree.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/growth_series.hpp"

namespace leakgate {

/// Falls below this share of the rise are noise.
inline constexpr double kFallShare = 0.05;

/// Two rates agree that differ by less than this share of one, beyond counting noise.
inline constexpr double kSameRate = 0.25;

/// Never sinks below a value it had by more than noise.
bool neverFalls(const Series& series);

bool countsAgree(double count, double expected);

/// The first reading that was made at `at` or later; `axis`: where the readings were made, rising.
std::size_t readingAt(const std::vector<double>& axis, double at);

std::vector<double> numbers(const Series& series);

}  // namespace leakgate
