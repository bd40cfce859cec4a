#include "comparison/signed_rank.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numeric>
#include <vector>

namespace leakgate {

namespace {

// Twice the ranks of the absolute values: whole numbers, also for ties.
std::vector<std::size_t> doubledRanks(std::span<const double> differences) {
  std::vector<std::size_t> order(differences.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) {
    return std::abs(differences[i]) < std::abs(differences[j]);
  });
  std::vector<std::size_t> ranks(order.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && std::abs(differences[order[end]]) == std::abs(differences[order[first]]))
      ++end;
    for (std::size_t k = first; k < end; ++k) ranks[order[k]] = first + 1 + end;
    first = end;
  }
  return ranks;
}

// Element s: the probability that the ranks with a positive sign add up to s, all signs being equally likely.
std::vector<double> distributionOf(const std::vector<std::size_t>& ranks) {
  const std::size_t total = std::accumulate(ranks.begin(), ranks.end(), std::size_t{0});
  std::vector<double> probability(total + 1);
  probability[0] = 1;
  std::size_t reached = 0;
  for (const std::size_t rank : ranks) {
    reached += rank;
    for (std::size_t sum = reached + 1; sum-- > 0;)
      probability[sum] = (probability[sum] + (sum >= rank ? probability[sum - rank] : 0)) / 2;
  }
  return probability;
}

std::vector<double> walshAverages(std::span<const double> differences) {
  std::vector<double> averages;
  averages.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i)
    for (std::size_t j = i; j < differences.size(); ++j)
      averages.push_back((differences[i] + differences[j]) / 2);
  std::sort(averages.begin(), averages.end());
  return averages;
}

}  // namespace

double signedRankP(std::span<const double> differences) {
  std::vector<double> moved;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(moved),
               [](double d) { return d != 0; });
  if (moved.empty()) return 1;
  const auto ranks = doubledRanks(moved);
  std::size_t positive = 0;
  for (std::size_t i = 0; i < moved.size(); ++i) positive += moved[i] > 0 ? ranks[i] : 0;
  const auto probability = distributionOf(ranks);
  const std::size_t extreme = std::min(positive, probability.size() - 1 - positive);
  const auto end = probability.begin() + static_cast<std::ptrdiff_t>(extreme) + 1;
  return std::min(1.0, 2 * std::accumulate(probability.begin(), end, 0.0));
}

double hodgesLehmann(std::span<const double> differences) { return median(walshAverages(differences)); }

Interval hodgesLehmannInterval(std::span<const double> differences, double confidence) {
  std::vector<std::size_t> ranks(differences.size());
  std::iota(ranks.begin(), ranks.end(), 1U);
  const auto probability = distributionOf(ranks);
  std::size_t beyond = 0;  // averages that are left out at each end, plus one
  double tail = probability[0];
  while (tail <= (1 - confidence) / 2) tail += probability[++beyond];
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  if (beyond == 0 || differences.empty()) return {-kInfinite, kInfinite};
  const auto averages = walshAverages(differences);
  return {averages[beyond - 1], averages[averages.size() - beyond]};
}

}  // namespace leakgate
