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
  recorder.add(99, 0, 1'000'000);  // warm-up
  for (std::uint64_t k = 0; k < 1200; ++k) recorder.add(100 + k, 0, k);
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

namespace {

Scenario twoSteps(unsigned secondWeight) {
  Scenario scenario;
  scenario.load.warmup = 100;
  scenario.load.requests = 4'000;
  scenario.steps.resize(2);
  scenario.steps[0].weight = 1;
  scenario.steps[1].weight = secondWeight;
  return scenario;
}

}  // namespace

TEST_CASE("steps have their own latencies, and windows where they are frequent enough") {
  LatencyRecorder recorder(twoSteps(3));  // 1,000 and 3,000 of 4,000
  recorder.add(99, 0, 1'000'000);         // warm-up
  for (std::uint64_t k = 0; k < 4'000; ++k) recorder.add(100 + k, k % 4 == 0 ? 0 : 1, k % 4 == 0 ? 10 : 20);
  recorder.add(100 + 4'000, 0, 30);  // of an added block
  const auto steps = recorder.steps();
  REQUIRE(steps.size() == 2);
  CHECK(steps[0].step == 0);
  CHECK(steps[0].all.requests == 1'001);
  CHECK(steps[0].all.p50Ns == 10);
  CHECK(steps[0].all.maxNs == 30);
  CHECK(steps[1].all.requests == 3'000);
  CHECK(steps[1].all.p50Ns == 20);
  REQUIRE(steps[0].windows.size() == kStepWindows);
  for (const auto& window : steps[0].windows) CHECK(window.requests == 50);

  CHECK(LatencyRecorder(twoSteps(4)).steps().empty());  // no response yet
  LatencyRecorder seldom(twoSteps(4));
  seldom.add(100, 0, 10);
  CHECK(seldom.steps().front().windows.empty());  // 800 of 4,000
}

TEST_CASE("one step is no step apart, aborts have no latency, and of very many the most frequent are kept") {
  Scenario scenario = twoSteps(1);
  scenario.steps.resize(1);
  LatencyRecorder alone(scenario);
  alone.add(100, 0, 10);
  CHECK(alone.steps().empty());

  scenario.steps.resize(3'000);
  scenario.steps[5].weight = 9;
  scenario.steps[2'999].weight = 9;
  scenario.steps[4].abort = AbortPoint::midHeaders;
  LatencyRecorder many(scenario);
  for (std::size_t k = 0; k < scenario.steps.size(); ++k) many.add(100 + k, k, 10);
  const auto steps = many.steps();
  REQUIRE(steps.size() == kMaxTimedSteps);
  CHECK(steps.back().step == 2'999);
  for (const auto& step : steps) CHECK(step.step != 4);
}
