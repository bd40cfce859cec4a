#include "replay/latency_histogram.hpp"

#include <doctest/doctest.h>

#include <memory>

using namespace leakgate;

TEST_CASE("quantiles are within 0.8 %, mean and maximum exact") {
  for (const std::uint64_t scale : {1ULL, 7ULL, 1'000ULL, 123'457ULL, 100'000'000ULL}) {
    auto histogram = std::make_unique<LatencyHistogram>();
    for (std::uint64_t k = 1; k <= 1000; ++k) histogram->add(k * scale);
    const double unit = static_cast<double>(scale);
    CAPTURE(scale);
    CHECK(histogram->count() == 1000);
    CHECK(histogram->meanNs() == doctest::Approx(500.5 * unit));
    CHECK(histogram->maxNs() == 1000 * unit);
    for (const double q : {0.001, 0.5, 0.9, 0.99, 0.999, 1.0}) {
      CAPTURE(q);
      CHECK(histogram->quantileNs(q) == doctest::Approx(q * 1000 * unit).epsilon(0.008));
    }
  }
}

TEST_CASE("the edges of the classes") {
  for (const std::uint64_t ns :
       {0ULL, 1ULL, 63ULL, 64ULL, 127ULL, 128ULL, 129ULL, (1ULL << 20) - 1, 1ULL << 20, (1ULL << 40) - 1}) {
    auto histogram = std::make_unique<LatencyHistogram>();
    histogram->add(ns);
    CAPTURE(ns);
    CHECK(histogram->quantileNs(0.5) == doctest::Approx(static_cast<double>(ns)).epsilon(0.008));
  }
  auto histogram = std::make_unique<LatencyHistogram>();
  CHECK(histogram->quantileNs(0.5) == 0);
  histogram->add(~0ULL >> 1);  // counts in the last class
  CHECK(histogram->quantileNs(0.5) < static_cast<double>(1ULL << 40));
}

TEST_CASE("windows are equal stretches of the planned requests") {
  LatencyRecorder recorder(100, 800);
  recorder.add(99, 1'000'000);  // warm-up
  for (std::uint64_t k = 0; k < 1200; ++k) recorder.add(100 + k, k);
  const auto windows = recorder.windows();
  REQUIRE(windows.size() == kLatencyWindows);
  for (std::size_t w = 0; w < windows.size(); ++w) {
    CHECK(windows[w].requests == 10);
    CHECK(windows[w].meanNs == doctest::Approx(static_cast<double>(w) * 10 + 4.5));
  }
  CHECK(recorder.summary().requests == 1200);  // the added block too
  CHECK(recorder.summary().maxNs == 1199);
  CHECK(LatencyRecorder(0, 8).windows().size() == 8);
}
