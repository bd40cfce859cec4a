// Wilcoxon's signed-rank test and the Hodges-Lehmann estimate of one sample of differences.
#pragma once

#include <span>

#include "analysis/statistics.hpp"

namespace leakgate {

/// Two-sided p-value of the hypothesis that differences are as likely positive as negative, whatever their
/// size. Exact: by the distribution over all signs, with mid-ranks for ties; zeros are left out. 1 for none.
///
/// No distribution is assumed but symmetry, which the difference of two runs in random order has.
/// Source: F. Wilcoxon, "Individual comparisons by ranking methods", 1945.
double signedRankP(std::span<const double> differences);

/// Median of all averages of two differences; robust against outliers. 0 for none.
/// Source: J. L. Hodges, E. L. Lehmann, "Estimates of location based on rank tests", 1963.
double hodgesLehmann(std::span<const double> differences);

/// Its interval with at least that confidence (0.99), the inverse of the test. Infinite when there are too few
/// differences: fewer than 8 for 0.99.
Interval hodgesLehmannInterval(std::span<const double> differences, double confidence);

}  // namespace leakgate
