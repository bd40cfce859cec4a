// Detects whether the mean of a quantity that goes up and down rises: a leak at a place whose other blocks
// are freed by a collector.
#pragma once

#include <cstdint>
#include <span>

namespace leakgate {

/// A straight line through readings that are not independent of each other.
struct NoisyTrend {
  double slope = 0;      ///< units of y for one of x
  double error = 0;      ///< one standard deviation of the slope, corrected for dependence
  double effective = 0;  ///< equivalent number of independent readings
  double rise = 0;       ///< of the line, from the first reading to the last
  double spread = 0;     ///< between the readings furthest above and below the line

  /// How many standard deviations the slope is above zero; 0 when it is not above, or when the readings
  /// depend on each other too much to decide.
  double sureness() const;
};

/// Least squares. The error is widened by the autocorrelation of the residuals: the larger of Geyer's initial
/// positive sequence and the first lag's. x must be ascending; all zero for fewer than eight readings.
NoisyTrend noisyTrend(std::span<const double> x, std::span<const double> y);

/// Proof that the mean rises and keeps rising: over all readings, and in the later half no slower than in the
/// earlier. A random walk has too few effective readings to pass; a cache that has filled up and then
/// fluctuates has no slope in the later half.
bool meanRises(std::span<const double> x, std::span<const double> y);

/// Slope of the later half of the readings over that of the earlier half; 0 when that did not rise.
double laterShare(std::span<const double> x, std::span<const double> y);

inline constexpr double kSureTrend = 8;    ///< standard deviations for a proof
inline constexpr double kLikelyTrend = 2;  ///< from here on, more readings may prove it

}  // namespace leakgate
