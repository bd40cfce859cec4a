#include "comparison/signed_rank.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

using namespace leakgate;
using Values = std::vector<double>;

TEST_CASE("signed ranks: p-values of the exact distribution") {
  // Published: for n = 5 all of one sign is 2/32, for n = 10 a sum of 8 is 0.0488 (Wilcoxon's table: 8 at 5 %).
  struct Row {
    Values differences;
    double p;
  };
  const std::vector<Row> rows{
      {{}, 1},
      {{0, 0, 0}, 1},
      {{1}, 1},
      {{1, 2, 3, 4, 5}, 2.0 / 32},
      {{-1, -2, -3, -4, -5}, 2.0 / 32},
      {{1, 2, 3, 4, 5, 0}, 2.0 / 32},
      {{-1, -7, 2, 3, 4, 5, 6, 8, 9, 10}, 2 * 25.0 / 1024},
      // All tied: the number of signs alone; 0 or 4 of 4 negative.
      {{1, 1, 1, 1}, 2.0 / 16},
      // Mid-ranks 1.5, 1.5, 3, 4: sums up to 1.5 are the empty set and one of two.
      {{-1, 1, 2, 3}, 2 * 3.0 / 16},
  };
  for (const Row& row : rows) {
    CAPTURE(row.differences.size());
    CHECK(signedRankP(row.differences) == doctest::Approx(row.p).epsilon(1e-12));
  }
}

TEST_CASE("Hodges and Lehmann: estimate and interval") {
  CHECK(hodgesLehmann({}) == 0);
  CHECK(hodgesLehmann(Values{3}) == 3);
  CHECK(hodgesLehmann(Values{1, 2, 9}) == 3.5);  // of 1, 1.5, 2, 5, 5.5, 9
  const Values ten{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
  // The critical value 8 at 5 %: the ninth smallest and largest of 55 averages.
  const Interval interval = hodgesLehmannInterval(ten, 0.95);
  CHECK(interval.low == 3);
  CHECK(interval.high == 8);
  CHECK(std::isinf(hodgesLehmannInterval(Values{1, 2, 3, 4, 5, 6, 7}, 0.99).high));
  CHECK_FALSE(std::isinf(hodgesLehmannInterval(Values{1, 2, 3, 4, 5, 6, 7, 8}, 0.99).high));
  CHECK(std::isinf(hodgesLehmannInterval({}, 0.99).low));
}

TEST_CASE("the interval holds the true difference as often as it promises, and excludes 0 when p is small") {
  constexpr unsigned kSeed = 1945;
  std::mt19937 random(kSeed);
  std::normal_distribution<double> noise(0.3, 1);
  int inside = 0;
  constexpr int kRounds = 4'000;
  for (int round = 0; round < kRounds; ++round) {
    Values differences(12);
    for (double& difference : differences) difference = noise(random);
    const Interval interval = hodgesLehmannInterval(differences, 0.95);
    inside += interval.low <= 0.3 && 0.3 <= interval.high ? 1 : 0;
    const bool excludes = interval.low > 0 || interval.high < 0;
    CHECK(excludes == (signedRankP(differences) <= 0.05));
  }
  CHECK(inside >= 0.945 * kRounds);
  CHECK(inside <= 0.97 * kRounds);
}
