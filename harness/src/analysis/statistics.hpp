// Order statistics and two-sample comparisons. No distribution is assumed: latencies follow none.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace leakgate {

/// Median; 0 for no values.
double median(std::span<const double> values);

/// Two-sided p-value of the Mann-Whitney U test: how likely two samples of one distribution differ in rank
/// this much. Normal approximation with tie correction and continuity correction; 1 when either sample is
/// empty or all values tie.
double mannWhitneyP(std::span<const double> a, std::span<const double> b);

/// Probability that a value of `b` is larger than one of `a`, ties counting half: 0.5 means no effect.
double probabilityOfLarger(std::span<const double> a, std::span<const double> b);

struct Interval {
  double low = 0;
  double high = 0;
};

/// 95 % confidence interval of 100 * (median(after) - median(before)) / median(before), in percent, by a
/// percentile bootstrap of 2,000 resamples. Deterministic for a seed. {0, 0} when either sample is empty.
Interval bootstrapDriftPercent(std::span<const double> before, std::span<const double> after,
                               std::uint64_t seed);

}  // namespace leakgate
