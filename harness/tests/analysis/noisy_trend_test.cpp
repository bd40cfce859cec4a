#include "analysis/noisy_trend.hpp"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace leakgate;

namespace {

std::vector<double> places(std::size_t count) {
  std::vector<double> x;
  for (std::size_t k = 0; k < count; ++k) x.push_back(static_cast<double>(k) * 1'000);
  return x;
}

template <class ValueAt>
std::vector<double> values(const std::vector<double>& x, ValueAt valueAt) {
  std::vector<double> y;
  for (const double at : x) y.push_back(valueAt(at));
  return y;
}

}  // namespace

TEST_CASE("a straight line has its slope and no error") {
  const auto x = places(32);
  const NoisyTrend trend = noisyTrend(x, values(x, [](double at) { return at / 4; }));
  CHECK(trend.slope == doctest::Approx(0.25));
  CHECK(trend.error == doctest::Approx(0));
  CHECK(trend.sureness() >= kSureTrend);
}

TEST_CASE("too few readings prove nothing") {
  const auto x = places(7);
  CHECK(noisyTrend(x, x).sureness() == 0);
  CHECK_FALSE(meanRises(x, x));
}

TEST_CASE("a rise beneath independent noise is found, and noise alone is not") {
  std::mt19937_64 random(1);
  const auto x = places(112);
  const auto noise = [&] { return static_cast<double>(random() % 3'000); };
  for (int run = 0; run < 200; ++run) {
    CAPTURE(run);
    CHECK(meanRises(x, values(x, [&](double at) { return at / 20 + noise(); })));
    CHECK_FALSE(meanRises(x, values(x, [&](double) { return noise(); })));
  }
}

TEST_CASE("a walk without a direction is no rise, however far it got") {
  std::mt19937_64 random(2);
  const auto x = places(112);
  int found = 0;
  for (int run = 0; run < 500; ++run) {
    double at = 0;
    found += meanRises(x, values(x, [&](double) { return at += static_cast<double>(random() % 21) - 10; }))
                 ? 1
                 : 0;
  }
  CHECK(found == 0);
}

TEST_CASE("what filled up and then moves about does not rise") {
  std::mt19937_64 random(3);
  const auto x = places(112);
  const auto filled = [&](double at) {
    return std::min(at / 4, 10'000.0) + static_cast<double>(random() % 500);
  };
  for (int run = 0; run < 200; ++run) CHECK_FALSE(meanRises(x, values(x, filled)));
}
