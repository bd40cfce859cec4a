#include "monitor/route_times.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>

#include "../memory/allocation_counter.hpp"

using h3::LatencyCounts;
using h3::RouteRow;
using h3::RouteTimes;

namespace {

// Requests of one route, each taking `ns`, one every `everyNs`. Returns how often the clock was read.
std::uint64_t serve(RouteTimes& times, std::uint32_t row, std::uint64_t count, std::uint64_t everyNs,
                    std::uint64_t ns, std::uint64_t fromNs = 1'000'000'000) {
  std::uint64_t timed = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (!times.count(row)) continue;
    ++timed;
    const std::uint64_t nowNs = fromNs + i * everyNs;
    times.end(times.begin(row, nowNs), nowNs + ns, 100);
  }
  return timed;
}

}  // namespace

TEST_CASE("a rarely requested route has every request timed") {
  RouteTimes times(2);
  CHECK(serve(times, 1, 1000, 1'000'000, 5'000) == 1000);
  const RouteRow& row = times.row(1);
  CHECK(row.requests.read() == 1000);
  CHECK(row.timed.read() == 1000);
  CHECK(row.arenaBytes.read() == 100'000);
  CHECK(static_cast<double>(row.log2Sum.read()) / 65'536 / 1000 == doctest::Approx(std::log2(5'000)));
}

TEST_CASE(
    "the clock is read some 10,000 times a second, whatever the load, and the histogram still adds up") {
  for (const std::uint64_t perSecond : {20'000u, 100'000u, 1'000'000u}) {
    CAPTURE(perSecond);
    RouteTimes times(1);
    const std::uint64_t timed = serve(times, 1, perSecond, 1'000'000'000 / perSecond, 1'000);
    CHECK(timed > 2'000);
    CHECK(timed < 17'000);
    CHECK(times.row(1).requests.read() == perSecond);
    LatencyCounts counts;
    counts.add(times.row(1).latency);
    CHECK(static_cast<double>(counts.count()) ==
          doctest::Approx(static_cast<double>(perSecond)).epsilon(0.05));
  }
}

TEST_CASE("preempted requests weigh little in the mean, and a new level is followed") {
  RouteTimes times(1);
  std::uint64_t nowNs = 1'000'000'000;
  const auto meanOf = [&](std::uint64_t count, auto nsOf) {
    const std::uint64_t before = times.row(1).log2Sum.read();
    for (std::uint64_t i = 0; i < count; ++i) {
      REQUIRE(times.count(1));
      nowNs += 1'000'000;
      times.end(times.begin(1, nowNs), nowNs + nsOf(i), 0);
    }
    return std::exp2(static_cast<double>(times.row(1).log2Sum.read() - before) / 65'536 /
                     static_cast<double>(count));
  };
  CHECK(meanOf(100, [](auto) { return 50'000u; }) == doctest::Approx(50'000).epsilon(0.001));
  const auto preempted = [](std::uint64_t i) { return i % 50 == 0 ? 20'000'000u : 50'000u; };
  CHECK(meanOf(1'000, preempted) < 52'000);
  (void)meanOf(1'000, [](auto) { return 5'000'000u; });
  CHECK(meanOf(100, [](auto) { return 5'000'000u; }) == doctest::Approx(5'000'000).epsilon(0.01));
}

TEST_CASE("every second request is slow: the sample is not fooled by the rhythm") {
  RouteTimes times(1);
  std::uint64_t slow = 0, timed = 0;
  for (std::uint64_t i = 0; i < 1'000'000; ++i) {
    if (!times.count(1)) continue;
    ++timed;
    slow += i % 2;
    times.end(times.begin(1, i * 2'000), i * 2'000 + 500, 0);
  }
  CHECK(static_cast<double>(slow) / static_cast<double>(timed) == doctest::Approx(0.5).epsilon(0.1));
}

TEST_CASE("many busy routes share one budget") {
  RouteTimes times(100);
  std::uint64_t timed = 0;
  for (std::uint64_t i = 0; i < 200'000; ++i) {  // one second
    const auto row = static_cast<std::uint32_t>(1 + i * 7919 % 100);
    if (!times.count(row)) continue;
    ++timed;
    times.end(times.begin(row, 1'000'000'000 + i * 5'000), 1'000'000'000 + i * 5'000 + 800, 0);
  }
  CHECK(timed > 5'000);
  CHECK(timed < 17'000);
  for (std::size_t row = 1; row <= 100; ++row) CHECK(times.row(row).timed.read() > 20);
}

TEST_CASE("rows beyond the last share it; without timing requests are still counted") {
  RouteTimes few(2);
  CHECK(few.count(50));
  CHECK(few.row(2).requests.read() == 1);
  RouteTimes untimed(2, false);
  CHECK_FALSE(untimed.count(1));
  CHECK(untimed.row(1).requests.read() == 1);
  CHECK(RouteTimes(1'000'000).rows() == RouteTimes::kMaxRoutes + 1);
}

TEST_CASE("counting and timing allocate nothing") {
  RouteTimes times(10);
  const h3::test::AllocationCounter allocations;
  serve(times, 3, 10'000, 10'000, 500);
  CHECK(allocations.count() == 0);
}
