// Compares readings of one quantity beyond noise: whether they fall, and whether two counts agree.
#pragma once

#include <cstddef>
#include <vector>

#include "analysis/growth_series.hpp"

namespace leakgate {

/// Two rates agree when they differ by less than this share, beyond counting noise.
inline constexpr double kSameRate = 0.25;

/// Whether the series never falls below an earlier value by more than noise.
bool neverFalls(const Series& series);

bool countsAgree(double count, double expected);

/// The first reading at `at` or later; `axis`: the positions of the readings, ascending.
std::size_t readingAt(const std::vector<double>& axis, double at);

std::vector<double> numbers(const Series& series);

}  // namespace leakgate
