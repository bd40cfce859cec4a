#include "analysis/noisy_trend.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace leakgate {

namespace {

constexpr std::size_t kMinReadings = 8;
constexpr double kMinEffective = 28;

// When the slope of the later half is below this share of the earlier one's, beyond noise, the rise is
// ending.
constexpr double kLaterShare = 0.75;
constexpr double kSureLater = 2;

// A line that rises by this many times the readings' distance from it is no accident, however the readings
// depend on each other.
constexpr double kClearRise = 6;

double mean(std::span<const double> values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

double autocovariance(const std::vector<double>& rest, std::size_t lag) {
  double sum = 0;
  for (std::size_t k = lag; k < rest.size(); ++k) sum += rest[k] * rest[k - lag];
  return sum / static_cast<double>(rest.size());
}

// How many readings are worth one independent reading: 1 + 2 * the sum of the autocorrelations, as long as
// pairs of them are positive.
double readingsPerIndependent(const std::vector<double>& rest) {
  const double variance = autocovariance(rest, 0);
  if (variance <= 0) return 1;
  double sum = 0;
  for (std::size_t lag = 0; lag + 1 < rest.size() / 2; lag += 2) {
    const double pair = (autocovariance(rest, lag) + autocovariance(rest, lag + 1)) / variance;
    if (pair <= 0) break;
    sum += pair;
  }
  // A random walk sometimes turns back, which ends the sequence early; its first lag still shows that it is
  // one.
  const double first = std::min(autocovariance(rest, 1) / variance, 0.999);
  return std::max({1.0, 2 * sum - 1, (1 + first) / (1 - first)});
}

double spreadOf(const std::vector<double>& rest) {
  const auto [low, high] = std::minmax_element(rest.begin(), rest.end());
  return *high - *low;
}

}  // namespace

double NoisyTrend::sureness() const {
  if (slope <= 0) return 0;
  if (rise >= kClearRise * spread) return 2 * kSureTrend;
  if (effective < kMinEffective) return 0;
  return error > 0 ? slope / error : 2 * kSureTrend;
}

NoisyTrend noisyTrend(std::span<const double> x, std::span<const double> y) {
  NoisyTrend trend;
  if (x.size() != y.size() || x.size() < kMinReadings) return trend;
  const auto count = static_cast<double>(x.size());
  const double meanX = mean(x);
  const double meanY = mean(y);
  double xx = 0;
  double xy = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    xx += (x[k] - meanX) * (x[k] - meanX);
    xy += (x[k] - meanX) * (y[k] - meanY);
  }
  if (xx <= 0) return trend;
  trend.slope = xy / xx;
  std::vector<double> rest;
  double squares = 0;
  for (std::size_t k = 0; k < x.size(); ++k) {
    rest.push_back(y[k] - meanY - trend.slope * (x[k] - meanX));
    squares += rest.back() * rest.back();
  }
  const double together = readingsPerIndependent(rest);
  trend.effective = count / together;
  trend.rise = trend.slope * (x.back() - x.front());
  trend.spread = spreadOf(rest);
  trend.error = std::sqrt(squares / (count - 2) * together / xx);
  return trend;
}

bool meanRises(std::span<const double> x, std::span<const double> y) {
  if (noisyTrend(x, y).sureness() < kSureTrend) return false;
  const std::size_t half = x.size() / 2;
  const NoisyTrend earlier = noisyTrend(x.first(half), y.first(half));
  const NoisyTrend later = noisyTrend(x.subspan(half), y.subspan(half));
  const double noise = std::hypot(earlier.error, later.error);
  return later.slope >= kSureLater * later.error &&
         later.slope >= kLaterShare * earlier.slope - kSureLater * noise;
}

double laterShare(std::span<const double> x, std::span<const double> y) {
  const std::size_t half = x.size() / 2;
  const double earlier = noisyTrend(x.first(half), y.first(half)).slope;
  return earlier > 0 ? noisyTrend(x.subspan(half), y.subspan(half)).slope / earlier : 0;
}

}  // namespace leakgate
