#include "comparison/smallest_change.hpp"

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "comparison/signed_rank.hpp"

namespace leakgate {

namespace {

// All must find it: resampled rounds spread less than new ones do.
constexpr int kResamples = 200;

bool isFound(const std::vector<double>& centred, double change, double alpha, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<double> drawn(centred.size());
  for (int k = 0; k < kResamples; ++k) {
    // Modulo, not uniform_int_distribution: that one differs between standard libraries, and a result must not.
    for (double& difference : drawn) difference = centred[random() % centred.size()] + change;
    if (signedRankP(drawn) >= alpha) return false;
  }
  return true;
}

}  // namespace

double smallestChangeSeen(std::span<const double> differences, double alpha, std::uint64_t seed) {
  constexpr int kSteps = 12;
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (differences.empty()) return kInfinite;
  const double centre = hodgesLehmann(differences);
  std::vector<double> centred;
  for (const double difference : differences) centred.push_back(difference - centre);
  double low = 0;
  double high = std::log(2.0);
  if (!isFound(centred, high, alpha, seed)) return kInfinite;
  for (int k = 0; k < kSteps; ++k) {
    const double middle = (low + high) / 2;
    (isFound(centred, middle, alpha, seed) ? high : low) = middle;
  }
  return 100 * std::expm1(high);
}

}  // namespace leakgate
