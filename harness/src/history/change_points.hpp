// Where the level of a noisy series changes. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace leakgate {

/// A place where a series may be cut: before values[at].
struct Split {
  std::size_t at = 0;
  double statistic = 0;  ///< Q of the paper; 0 when no cut leaves enough values on both sides
};

/// The cut with the largest energy statistic, with at least `minSide` >= 2 values on each side.
/// O(n log n). Source: Matteson and James, "A Nonparametric Approach for Multiple Change Point Analysis of
/// Multivariate Data", JASA 109 (2014), equations 5 and 7, with one dimension and alpha = 1.
Split bestSplit(std::span<const double> values, std::size_t minSide);

struct ChangePoint {
  std::size_t at = 0;  ///< index of the first value of the new level
  double statistic = 0;
  double p = 1;  ///< of the permutation test
};

struct ChangePointOptions {
  std::size_t minSide = 5;        ///< values on each side of a change
  unsigned permutations = 1999;   ///< of each test
  double level = 0.001;           ///< a change has a p of at most this
  double doubt = 0.02;            ///< up to this p it is in doubt
  std::uint64_t seed = 20140101;  ///< of the permutations: the same series gives the same result
};

/// Not decided, and what would decide it; not if that takes more than kMaxMoreValues.
struct DoubtfulChange {
  ChangePoint change;
  std::size_t moreValues = 0;  ///< at least so many decide it if the level stays
};
inline constexpr std::size_t kMaxMoreValues = 20;

struct ChangePoints {
  std::vector<ChangePoint> found;          ///< ascending
  std::optional<DoubtfulChange> doubtful;  ///< in the part after the last change
};

/// E-divisive: the best cut, if a permutation test finds it significant, then the same in both parts.
/// A part with less than 2 * minSide values is not cut.
ChangePoints findChangePoints(std::span<const double> values, const ChangePointOptions& options = {});

}  // namespace leakgate
