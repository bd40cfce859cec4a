#include "gate/tolerance.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

Metric count(const char* name, double value, std::optional<Spread> spread = {}, const char* unit = "blocks") {
  return {name, value, unit, spread ? MetricKind::spread : MetricKind::exact, Direction::lower, spread};
}

Metric allocations(double value, std::optional<Spread> spread = {}) {
  return count("allocations_per_request", value, spread);
}

}  // namespace

TEST_CASE("one allocation more is beyond what a noisy service varies by, its own noise is not") {
  const Metric before = allocations(0.55, Spread{6, 0.49, 0.76});
  for (const double same : {0.49, 0.76, 0.9, 1.2}) CHECK_FALSE(beyondTolerance(before, allocations(same)));
  for (const double more : {1.49, 1.6, 1.76}) CHECK(beyondTolerance(before, allocations(more)));
  CHECK(beyondTolerance(allocations(136.27, Spread{6, 136.27, 136.31}), allocations(137.29)));
  CHECK_FALSE(beyondTolerance(allocations(136.27, Spread{6, 136.27, 136.31}), allocations(136.4)));
}

TEST_CASE("the best of several runs decides") {
  const Metric before = allocations(5);
  CHECK(beyondTolerance(before, allocations(7, Spread{5, 6.9, 7.2})));
  CHECK_FALSE(beyondTolerance(before, allocations(7, Spread{5, 5, 7.2})));
}

TEST_CASE("fewer runs say less about the next one") {
  const auto beyond = [](unsigned runs, double now) {
    return beyondTolerance(allocations(10, Spread{runs, 10, 14}), allocations(now));
  };
  CHECK_FALSE(beyond(6, 16));
  CHECK(beyond(6, 16.1));
  CHECK_FALSE(beyond(4, 18));
  CHECK(beyond(4, 18.1));
  CHECK_FALSE(beyond(2, 26));
  CHECK(beyond(2, 26.1));
}

TEST_CASE("growth at or below zero is never worse") {
  const Metric before = count("live_bytes_per_request", -31.1, Spread{6, -31.1, -31}, "B");
  CHECK_FALSE(beyondTolerance(before, count("live_bytes_per_request", -25.7, {}, "B")));
  CHECK_FALSE(beyondTolerance(before, count("live_bytes_per_request", 0, {}, "B")));
  CHECK(beyondTolerance(before, count("live_bytes_per_request", 10, {}, "B")));
  CHECK(isGrowth(before));
  CHECK(isGrowth(count("threads_growth", 0)));
  CHECK_FALSE(isGrowth(allocations(1)));
}

TEST_CASE("memory after the warm-up: a tenth more is noise, twice as much is not") {
  const Metric before = count("live_bytes_at_warm", 337'876, Spread{6, 337'000, 339'000}, "B");
  CHECK_FALSE(beyondTolerance(before, count("live_bytes_at_warm", 370'000, {}, "B")));
  CHECK(beyondTolerance(before, count("live_bytes_at_warm", 675'000, {}, "B")));
}

TEST_CASE("better is the same in the other direction") {
  const Metric before = allocations(0.55, Spread{6, 0.49, 0.76});
  CHECK(clearlyBetter(allocations(1.6, Spread{6, 1.49, 1.76}), before));
  CHECK_FALSE(clearlyBetter(before, allocations(0.4)));
  Metric ratio{"event_pool.reuse_ratio", 0.99, "ratio", MetricKind::spread, Direction::higher,
               Spread{6, 0.98, 0.99}};
  Metric low = ratio;
  low.spread = Spread{5, 0.9, 0.91};
  CHECK(beyondTolerance(ratio, low));
  CHECK(clearlyBetter(low, ratio));
  CHECK_FALSE(beyondTolerance(low, ratio));
}
