#include "history/change_points.hpp"

#include <doctest/doctest.h>

#include <random>

using namespace leakgate;

namespace {

using Values = std::vector<double>;

// Three levels of noise, and the figures of MongoDB's signal-processing-algorithms (commit 1c11f3ab,
// tests/test_detection.py: at least two values on each side): Q is 2848.1169590643276 at 40, then
// 893.578947368421 at 20.
const Values kThreeLevels{41,  18,  23,  3,   32,  11,  40,  13,  29,  48,  47,  35,  18,  21,  6,
                          2,   23,  3,   4,   7,   120, 103, 102, 81,  71,  62,  115, 61,  108, 63,
                          70,  98,  65,  96,  64,  74,  70,  113, 90,  114, 208, 196, 153, 150, 225,
                          179, 206, 165, 177, 151, 218, 217, 244, 245, 229, 195, 225, 229, 176, 250};

Values noise(std::size_t count, double level, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  Values values;
  for (std::size_t i = 0; i < count; ++i)
    values.push_back(level * (0.95 + 0.1 * static_cast<double>(random() % 10'000) / 10'000));
  return values;
}

Values joined(Values first, const Values& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

// Q by its definition.
double statisticOf(const Values& values, std::size_t at) {
  const auto sum = [&](std::size_t a, std::size_t b, std::size_t c, std::size_t d) {
    double total = 0;
    for (std::size_t i = a; i < b; ++i)
      for (std::size_t j = c; j < d; ++j) total += std::abs(values[i] - values[j]);
    return total;
  };
  const auto n = static_cast<double>(at);
  const auto m = static_cast<double>(values.size() - at);
  const double energy = 2 * sum(0, at, at, values.size()) / (n * m) - sum(0, at, 0, at) / (n * (n - 1)) -
                        sum(at, values.size(), at, values.size()) / (m * (m - 1));
  return n * m / (n + m) * energy;
}

}  // namespace

TEST_CASE("the best cut is that of the reference implementation") {
  const Split first = bestSplit(kThreeLevels, 2);
  CHECK(first.at == 40);
  CHECK(first.statistic == doctest::Approx(2848.1169590643276).epsilon(1e-12));
  const Split second = bestSplit(std::span(kThreeLevels).first(40), 2);
  CHECK(second.at == 20);
  CHECK(second.statistic == doctest::Approx(893.578947368421).epsilon(1e-12));
  Values step = joined(Values(15, 50), Values(15, 100));
  step[2] = 100;
  CHECK(bestSplit(step, 2).at == 15);
  CHECK(bestSplit(step, 2).statistic == doctest::Approx(650).epsilon(1e-12));
  Values recovered = joined(step, Values(15, 50));
  recovered[32] = 100;
  CHECK(bestSplit(recovered, 2).at == 33);
  CHECK(bestSplit(std::span(recovered).first(33), 2).at == 15);
  CHECK(bestSplit(std::span(recovered).first(33), 2).statistic ==
        doctest::Approx(544.7415329768271).epsilon(1e-12));
}

TEST_CASE("the quick sums are those of the definition") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    Values values = noise(30, 1e8, seed);
    values[3] = values[7] = values[20];  // ties
    const Split split = bestSplit(values, 5);
    double largest = 0;
    for (std::size_t at = 5; at <= 25; ++at) largest = std::max(largest, statisticOf(values, at));
    CHECK(split.statistic == doctest::Approx(largest).epsilon(1e-9));
    if (split.at == 0) continue;  // no cut is better than none
    CHECK(statisticOf(values, split.at) == doctest::Approx(largest).epsilon(1e-9));
  }
}

TEST_CASE("levels are found where they start") {
  const ChangePoints points = findChangePoints(kThreeLevels);
  REQUIRE(points.found.size() == 2);
  CHECK(points.found[0].at == 20);
  CHECK(points.found[1].at == 40);
  CHECK(points.found[1].p <= 0.001);
  for (std::size_t side = 8; side < 40; ++side) {
    CAPTURE(side);
    const ChangePoints step = findChangePoints(joined(Values(side, 0), Values(side, 1)));
    REQUIRE(step.found.size() == 1);
    CHECK(step.found[0].at == side);
  }
}

TEST_CASE("a step of a fifth in noise of a tenth is found, at its place") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto points = findChangePoints(joined(noise(20, 100, seed), noise(6, 120, seed + 1000)));
    if (points.found.size() == 1 && points.found[0].at == 20) ++found;
  }
  CHECK(found >= 48);
}

TEST_CASE("noise has no levels: one series in a thousand") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed)
    if (!findChangePoints(noise(40, 100, seed)).found.empty()) ++found;
  CHECK(found <= 4);  // one in two such tests is expected to find one
}

TEST_CASE("equal values, and too few of them, have no change") {
  CHECK(findChangePoints(Values(100, 0.1)).found.empty());
  CHECK(findChangePoints({}).found.empty());
  CHECK(findChangePoints(Values{1, 1, 1, 1, 9, 9, 9, 9, 9}).found.empty());
  CHECK(bestSplit(Values{1, 2, 3}, 2).statistic == 0);
}

TEST_CASE("too few values for a small p are in doubt, and decided by a few more") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    CAPTURE(seed);
    const Values before = noise(7, 100, seed);
    const auto points = findChangePoints(joined(before, noise(5, 130, seed + 1000)));
    CHECK(points.found.empty());
    REQUIRE(points.doubtful);
    CHECK(points.doubtful->change.at == 7);
    CHECK(points.doubtful->change.p > 0.001);
    CHECK(points.doubtful->change.p <= 0.02);
    CHECK(points.doubtful->moreValues >= 1);
    CHECK(points.doubtful->moreValues <= 4);
    CHECK(findChangePoints(joined(before, noise(9, 130, seed + 1000))).found.size() == 1);
  }
}

TEST_CASE("what a thousand more values would decide is not in doubt") {
  Values values;
  for (std::size_t i = 0; i < 200; ++i) values.push_back(static_cast<double>(i % 2));
  CHECK_FALSE(findChangePoints(values).doubtful);
}

TEST_CASE("the same series gives the same result") {
  const Values values = joined(noise(30, 100, 1), noise(30, 103, 2));
  const auto first = findChangePoints(values);
  const auto second = findChangePoints(values);
  REQUIRE(first.found.size() == second.found.size());
  for (std::size_t i = 0; i < first.found.size(); ++i) CHECK(first.found[i].p == second.found[i].p);
}
