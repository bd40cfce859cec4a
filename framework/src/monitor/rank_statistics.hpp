// Rank statistics: for few values, with outliers, of unknown distribution. Pure functions.
#pragma once

#include <cstddef>
#include <span>

namespace h3 {

/// An estimate and its confidence interval.
struct Interval {
  double low = 0;
  double estimate = 0;
  double high = 0;
};

/// Median; 0 for no values. Reorders them.
double medianOf(std::span<float> values);

inline constexpr std::size_t kShiftPairs = 2048;  ///< most pairs of a value before and one after
inline constexpr std::size_t kTrendValues = 64;   ///< most values of a series

/// How much larger `after` is than `before`: the Hodges-Lehmann estimate, the median of all differences
/// between a value of one and a value of the other. The interval contains every shift that a Mann-Whitney
/// test does not reject; `z` is the normal quantile of its confidence (1.96 for 95 % two-sided). When there
/// are too few values for that confidence it is unbounded. Source: Hodges and Lehmann, Ann. Math. Statist. 34
/// (1963); Mann and Whitney, Ann. Math. Statist. 18 (1947).
Interval hodgesLehmannShift(std::span<const float> before, std::span<const float> after, double z);

struct Trend {
  Interval slope;       ///< value per unit of time
  double kendallZ = 0;  ///< Mann-Kendall's statistic: beyond +-1.96 a trend is significant at 5 %
};

/// The Theil-Sen slope of a series, the median of the slopes between all pairs of points, with Sen's
/// interval, and Mann-Kendall's test (no correction for ties, which is conservative). `times` rise strictly.
/// Zero for fewer than two points. Source: Sen, JASA 63 (1968); Mann, Econometrica 13 (1945).
Trend theilSenTrend(std::span<const double> times, std::span<const double> values, double z);

}  // namespace h3
