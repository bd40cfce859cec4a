#include <doctest/doctest.h>

#include <cstdint>
#include <memory>
#include <random>

#include "h3http/monitor.hpp"
#include "monitor/monitor_state.hpp"

using h3::LatencyHistogram;
using h3::Metric;
using h3::Monitor;

TEST_CASE("buckets are gapless, rising, and at most an eighth wide") {
  std::uint64_t low = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBuckets; ++i) {
    const std::uint64_t high = LatencyHistogram::upperBoundNs(i);
    CAPTURE(i);
    REQUIRE(high > low);
    CHECK(LatencyHistogram::bucketOf(low) == i);
    CHECK(LatencyHistogram::bucketOf(high - 1) == i);
    if (low >= 8) CHECK((high - low) * 8 <= low);
    low = high;
  }
  CHECK(low == std::uint64_t{1} << 36);
  for (const std::uint64_t beyond : {low, low * 2, ~std::uint64_t{0}})
    CHECK(LatencyHistogram::bucketOf(beyond) == LatencyHistogram::kBuckets - 1);
}

TEST_CASE("what is recorded is counted once, in its bucket, and summed") {
  const auto histogram = std::make_unique<LatencyHistogram>();
  histogram->record(1000);
  histogram->record(5000, 3);
  CHECK(histogram->bucket(LatencyHistogram::bucketOf(1000)) == 1);
  CHECK(histogram->bucket(LatencyHistogram::bucketOf(5000)) == 3);
  CHECK(histogram->sumNs() == 16'000);
  std::uint64_t all = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBuckets; ++i) all += histogram->bucket(i);
  CHECK(all == 4);
}

TEST_CASE("quantiles bound what was recorded from above, within an eighth") {
  Monitor monitor;
  CHECK(monitor.latencyQuantileNs(0.5) == 0);
  h3::WorkerCounters& first = h3::MonitorState::of(monitor).addWorker();
  h3::WorkerCounters& second = h3::MonitorState::of(monitor).addWorker();
  for (std::uint64_t us = 1; us <= 1000; ++us) (us % 2 == 0 ? first : second).latency.record(us * 1000);
  const struct {
    double quantile;
    double expectedNs;
  } cases[] = {{0, 1'000}, {0.5, 500'000}, {0.9, 900'000}, {0.99, 990'000}, {1, 1'000'000}};
  for (const auto& one : cases) {
    CAPTURE(one.quantile);
    const auto found = static_cast<double>(monitor.latencyQuantileNs(one.quantile));
    CHECK(found >= one.expectedNs);
    CHECK(found <= one.expectedNs * 1.126 + 1000);
  }
}

TEST_CASE("counters of all workers are summed") {
  Monitor monitor;
  h3::WorkerCounters& first = h3::MonitorState::of(monitor).addWorker();
  h3::WorkerCounters& second = h3::MonitorState::of(monitor).addWorker();
  first.add(Metric::requests, 3);
  first.add(Metric::requests);
  second.add(Metric::requests, 10);
  second.set(Metric::eventPoolInUse, 7);
  second.set(Metric::eventPoolInUse, 2);
  CHECK(first.read(Metric::requests) == 4);
  CHECK(monitor.total(Metric::requests) == 14);
  CHECK(monitor.total(Metric::eventPoolInUse) == 2);
  CHECK(monitor.total(Metric::bytesSent) == 0);
}
