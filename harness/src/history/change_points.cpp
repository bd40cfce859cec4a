#include "history/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

namespace leakgate {

namespace {

// Ties of permuted statistics differ by rounding.
constexpr double kTie = 1 - 1e-9;

// The values as ranks, since |x - y| summed over a set needs only the number and the sum of the smaller ones.
class RankedValues {
 public:
  explicit RankedValues(std::span<const double> values)
      : ascending_(values.begin(), values.end()), ranks_(values.size()), toAll_(values.size()) {
    std::sort(ascending_.begin(), ascending_.end());
    for (std::size_t i = 0; i < values.size(); ++i) {
      ranks_[i] = static_cast<std::size_t>(std::lower_bound(ascending_.begin(), ascending_.end(), values[i]) -
                                           ascending_.begin());
    }
    // From the smallest, so that equal values have a distance of exactly 0.
    if (!ascending_.empty()) {
      const double smallest = ascending_.front();
      for (double& value : ascending_) value -= smallest;
    }
    const double sum = std::accumulate(ascending_.begin(), ascending_.end(), 0.0);
    double below = 0;
    for (std::size_t rank = 0; rank < ascending_.size(); ++rank) {
      const auto smaller = static_cast<double>(rank);
      const auto others = static_cast<double>(ascending_.size()) - smaller;
      toAll_[rank] = ascending_[rank] * (smaller - others) + sum - 2 * below;
      below += ascending_[rank];
    }
  }

  std::size_t size() const { return ascending_.size(); }
  double value(std::size_t rank) const { return ascending_[rank]; }
  double distanceToAll(std::size_t rank) const { return toAll_[rank]; }
  const std::vector<std::size_t>& ranks() const { return ranks_; }  ///< in the order of the series

 private:
  std::vector<double> ascending_;
  std::vector<std::size_t> ranks_;
  std::vector<double> toAll_;
};

// The sum of distances of a value to a growing set: a Fenwick tree over the ranks.
class DistanceSums {
 public:
  explicit DistanceSums(const RankedValues& values) : values_(values), tree_(values.size() + 1) {}

  void clear() {
    std::fill(tree_.begin(), tree_.end(), Node{});
    all_ = {};
  }

  void add(std::size_t rank) {
    const double value = values_.value(rank);
    for (std::size_t i = rank + 1; i < tree_.size(); i += i & (~i + 1)) tree_[i].add(value);
    all_.add(value);
  }

  double to(std::size_t rank) const {
    Node below;
    for (std::size_t i = rank; i > 0; i &= i - 1) {
      below.count += tree_[i].count;
      below.sum += tree_[i].sum;
    }
    return values_.value(rank) * (2 * below.count - all_.count) + all_.sum - 2 * below.sum;
  }

 private:
  struct Node {
    double count = 0;
    double sum = 0;
    void add(double value) {
      count += 1;
      sum += value;
    }
  };
  const RankedValues& values_;
  std::vector<Node> tree_;
  Node all_;
};

double pairs(double n) { return n * (n - 1) / 2; }

// Moves the values one by one from the right part to the left one, and keeps the three sums of distances.
Split bestSplitOf(const RankedValues& values, const std::vector<std::size_t>& order, std::size_t minSide,
                  DistanceSums& left) {
  Split best;
  double withinLeft = 0;
  double withinRight = 0;
  double between = 0;
  for (const std::size_t rank : order) withinRight += values.distanceToAll(rank) / 2;
  left.clear();
  for (std::size_t at = 1; at + minSide <= order.size(); ++at) {
    const std::size_t rank = order[at - 1];
    const double toLeft = left.to(rank);
    const double toRight = values.distanceToAll(rank) - toLeft;
    withinLeft += toLeft;
    withinRight -= toRight;
    between += toRight - toLeft;
    left.add(rank);
    if (at < minSide) continue;
    const auto n = static_cast<double>(at);
    const auto m = static_cast<double>(order.size() - at);
    const double energy = 2 * between / (n * m) - withinLeft / pairs(n) - withinRight / pairs(m);
    const double statistic = n * m / (n + m) * energy;
    if (statistic > best.statistic) best = {at, statistic};
  }
  return best;
}

// std::shuffle's result differs between standard libraries.
void shuffle(std::vector<std::size_t>& order, std::mt19937_64& random) {
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
}

struct Test {
  double p = 1;
  double needed = 0;  ///< the statistic that would be significant
};

// How often a random order of the values has such a statistic. Ends early when it is more often than `doubt`.
Test permutationTest(const RankedValues& values, const Split& split, const ChangePointOptions& options) {
  std::mt19937_64 random(options.seed);
  std::vector<std::size_t> order = values.ranks();
  DistanceSums left(values);
  const double tests = options.permutations + 1;
  std::vector<double> statistics;
  double reached = 1;
  for (unsigned i = 0; i < options.permutations; ++i) {
    shuffle(order, random);
    statistics.push_back(bestSplitOf(values, order, options.minSide, left).statistic);
    if (statistics.back() >= split.statistic * kTie) ++reached;
    if (reached / tests > options.doubt) return {};
  }
  std::sort(statistics.begin(), statistics.end());
  const auto allowed = static_cast<std::size_t>(options.level * tests);
  return {reached / tests, statistics[statistics.size() - std::max<std::size_t>(allowed, 1)]};
}

// The statistic grows with n * m / (n + m): how many more values of the new level it takes until it is
// `needed`.
std::optional<std::size_t> moreValues(std::size_t before, std::size_t after, double statistic,
                                      double needed) {
  const auto n = static_cast<double>(before);
  const auto weight = [n](std::size_t m) {
    return n * static_cast<double>(m) / (n + static_cast<double>(m));
  };
  for (std::size_t more = 1; more <= kMaxMoreValues; ++more)
    if (weight(after + more) / weight(after) * statistic > needed) return more;
  return std::nullopt;
}

void searchPart(std::span<const double> values, std::size_t first, std::size_t end,
                const ChangePointOptions& options, ChangePoints& result) {
  const auto part = values.subspan(first, end - first);
  const RankedValues ranked(part);
  DistanceSums left(ranked);
  const Split split = bestSplitOf(ranked, ranked.ranks(), options.minSide, left);
  if (split.statistic <= 0) return;
  const Test test = permutationTest(ranked, split, options);
  const ChangePoint change{first + split.at, split.statistic, test.p};
  if (test.p > options.level) {
    if (test.p <= options.doubt && end == values.size()) {
      if (const auto more = moreValues(split.at, part.size() - split.at, split.statistic, test.needed))
        result.doubtful = {change, *more};
    }
    return;
  }
  searchPart(values, first, change.at, options, result);
  result.found.push_back(change);
  searchPart(values, change.at, end, options, result);
}

}  // namespace

Split bestSplit(std::span<const double> values, std::size_t minSide) {
  const RankedValues ranked(values);
  DistanceSums left(ranked);
  return bestSplitOf(ranked, ranked.ranks(), minSide, left);
}

ChangePoints findChangePoints(std::span<const double> values, const ChangePointOptions& options) {
  ChangePoints result;
  searchPart(values, 0, values.size(), options, result);
  return result;
}

}  // namespace leakgate
