#include "analysis/statistics.hpp"

#include <doctest/doctest.h>

#include <vector>

using namespace leakgate;
using Values = std::vector<double>;

TEST_CASE("median") {
  CHECK(median(Values{}) == 0);
  CHECK(median(Values{3}) == 3);
  CHECK(median(Values{9, 1, 5}) == 5);
  CHECK(median(Values{1, 2, 3, 100}) == 2.5);
}

TEST_CASE("Mann-Whitney against figures from R's wilcox.test(exact = FALSE)") {
  const Values a{1, 2, 3, 4, 5};
  const Values b{6, 7, 8, 9, 10};
  CHECK(mannWhitneyP(a, b) == doctest::Approx(0.01219).epsilon(0.001));
  CHECK(mannWhitneyP(b, a) == doctest::Approx(0.01219).epsilon(0.001));
  CHECK(mannWhitneyP(a, a) == doctest::Approx(1));
  CHECK(mannWhitneyP(Values{2, 2}, Values{2, 2}) == 1);
  CHECK(mannWhitneyP(Values{}, a) == 1);
  CHECK(probabilityOfLarger(a, b) == 1);
  CHECK(probabilityOfLarger(a, a) == 0.5);
}

TEST_CASE("the bootstrap is the same for a seed and contains the truth") {
  const Values before{98, 99, 100, 101, 102, 100, 99, 101, 100, 100};
  const Values after{118, 119, 120, 121, 122, 120, 119, 121, 120, 120};
  const auto one = bootstrapDriftPercent(before, after, 7);
  const auto two = bootstrapDriftPercent(before, after, 7);
  CHECK(one.low == two.low);
  CHECK(one.high == two.high);
  CHECK(one.low <= 20);
  CHECK(one.high >= 20);
  CHECK(one.high - one.low < 5);
}
