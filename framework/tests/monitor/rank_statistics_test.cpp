#include "monitor/rank_statistics.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using h3::hodgesLehmannShift;
using h3::Interval;
using h3::medianOf;
using h3::theilSenTrend;
using h3::Trend;

namespace {

// One point a unit of time.
Trend trendOf(const std::vector<double>& values, double z) {
  std::vector<double> times;
  for (std::size_t i = 0; i < values.size(); ++i) times.push_back(static_cast<double>(i));
  return theilSenTrend(times, values, z);
}

}  // namespace

TEST_CASE("medians") {
  std::array<float, 5> odd = {5, 1, 4, 2, 3};
  CHECK(medianOf(odd) == 3);
  std::array<float, 4> even = {4, 1, 3, 2};
  CHECK(medianOf(even) == 2.5);
  CHECK(medianOf({}) == 0);
}

TEST_CASE("a worked Hodges-Lehmann shift") {
  const std::array<float, 3> before = {1, 2, 4};
  const std::array<float, 2> after = {7, 9};
  // Differences: 3 5 5 6 7 8
  const Interval point = hodgesLehmannShift(before, after, 0);
  CHECK(point.estimate == 5.5);
  // Six pairs, deviation sqrt(6 * 6 / 12) = 1.732: one of them lies 1.15 deviations below the middle.
  const Interval some = hodgesLehmannShift(before, after, 1.0);
  CHECK(some.low == 5);
  CHECK(some.high == 7);
  const Interval none = hodgesLehmannShift(before, after, 3.0);
  CHECK(none.low == -INFINITY);
  CHECK(none.high == INFINITY);
}

TEST_CASE("the shift's interval covers the truth as often as it claims") {
  const std::uint64_t seed = 11;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::cauchy_distribution<float> wild(0, 1);  // no mean, no variance
  int covered = 0;
  constexpr int kRuns = 1000;
  for (int run = 0; run < kRuns; ++run) {
    std::array<float, 30> before;
    std::array<float, 16> after;
    for (float& value : before) value = wild(random);
    for (float& value : after) value = wild(random) + 3;
    const Interval shift = hodgesLehmannShift(before, after, 1.96);
    if (shift.low <= 3 && 3 <= shift.high) ++covered;
  }
  CHECK(covered > 930);
  CHECK(covered < 975);
}

TEST_CASE("a worked Theil-Sen trend") {
  // Slopes between pairs: 2 2 1.33 2 1 0; Kendall's S = 5 of 6, its deviation sqrt(4 * 3 * 13 / 18) = 2.944.
  const Trend trend = trendOf({0, 2, 4, 4}, 0);
  CHECK(trend.slope.estimate == doctest::Approx((4.0 / 3 + 2) / 2));
  CHECK(trend.kendallZ == doctest::Approx(4 / 2.944).epsilon(0.001));
  CHECK(trendOf({1}, 1.96).slope.estimate == 0);
  CHECK(trendOf({3, 3, 3, 3, 3, 3, 3, 3}, 1.96).kendallZ == 0);
}

TEST_CASE("outliers do not move the slope, and noise alone is seldom a trend") {
  std::vector<double> values;
  for (int i = 0; i < 40; ++i) values.push_back(i % 10 == 3 ? 1e9 : 2.0 * i);
  CHECK(trendOf(values, 1.96).slope.estimate == doctest::Approx(2));

  const std::uint64_t seed = 5;
  CAPTURE(seed);
  std::mt19937_64 random(seed);
  std::normal_distribution<double> normal;
  int significant = 0;
  for (int run = 0; run < 1000; ++run) {
    std::vector<double> noise(40);
    for (double& value : noise) value = normal(random);
    const Trend trend = trendOf(noise, 1.96);
    if (std::abs(trend.kendallZ) > 1.96) ++significant;
    // The interval and the test agree, but for the test's correction for continuity.
    const bool beyond = trend.slope.low > 0 || trend.slope.high < 0;
    if (std::abs(trend.kendallZ) > 2.0) CHECK(beyond);
    if (std::abs(trend.kendallZ) < 1.9) CHECK_FALSE(beyond);
  }
  CHECK(significant > 30);
  CHECK(significant < 70);
}
