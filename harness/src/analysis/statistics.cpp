#include "analysis/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <random>

namespace leakgate {

namespace {

constexpr std::size_t kResamples = 2000;
constexpr double kTail = 0.025;  // a 95 % interval leaves this much on either side

double driftPercent(double before, double after) { return before == 0 ? 0 : 100 * (after - before) / before; }

std::vector<double> resample(std::span<const double> values, std::mt19937_64& random) {
  std::vector<double> drawn(values.size());
  // Modulo, not uniform_int_distribution: that one differs between standard libraries, and a report must not.
  for (auto& value : drawn) value = values[random() % values.size()];
  return drawn;
}

// Sum over groups of equal values of (t^3 - t).
double tieTerm(std::span<const double> a, std::span<const double> b) {
  std::vector<double> all(a.begin(), a.end());
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  double sum = 0;
  for (auto it = all.begin(); it != all.end();) {
    const auto end = std::upper_bound(it, all.end(), *it);
    const auto t = static_cast<double>(end - it);
    sum += t * t * t - t;
    it = end;
  }
  return sum;
}

}  // namespace

double median(std::span<const double> values) {
  if (values.empty()) return 0;
  std::vector<double> sorted(values.begin(), values.end());
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

double probabilityOfLarger(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 0.5;
  double wins = 0;
  for (const double x : a) {
    for (const double y : b) wins += y > x ? 1 : (y == x ? 0.5 : 0);
  }
  return wins / (static_cast<double>(a.size()) * static_cast<double>(b.size()));
}

double mannWhitneyP(std::span<const double> a, std::span<const double> b) {
  if (a.empty() || b.empty()) return 1;
  const auto m = static_cast<double>(a.size());
  const auto n = static_cast<double>(b.size());
  const double total = m + n;
  const double variance = m * n / 12 * ((total + 1) - tieTerm(a, b) / (total * (total - 1)));
  if (variance <= 0) return 1;
  const double u = probabilityOfLarger(a, b) * m * n;
  const double distance = std::max(0.0, std::abs(u - m * n / 2) - 0.5);
  return std::erfc(distance / std::sqrt(2 * variance));
}

Interval bootstrapDriftPercent(std::span<const double> before, std::span<const double> after,
                               std::uint64_t seed) {
  if (before.empty() || after.empty()) return {};
  std::mt19937_64 random(seed);
  std::vector<double> drifts;
  drifts.reserve(kResamples);
  for (std::size_t i = 0; i < kResamples; ++i) {
    const double first = median(resample(before, random));
    drifts.push_back(driftPercent(first, median(resample(after, random))));
  }
  std::sort(drifts.begin(), drifts.end());
  const auto rank = static_cast<std::size_t>(kTail * kResamples);
  return {drifts[rank], drifts[kResamples - 1 - rank]};
}

}  // namespace leakgate
