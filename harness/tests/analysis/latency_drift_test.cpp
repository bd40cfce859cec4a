#include "analysis/latency_drift.hpp"

#include <doctest/doctest.h>

#include "analysis/analyse.hpp"
#include "record_builder.hpp"

using namespace leakgate;

namespace {

// 80 windows whose medians vary by a few percent around `first`, and around `last` in the last quarter.
RunRecord withLatency(double first, double last) {
  RunRecord record = RecordBuilder();
  record.scenario.budgets["latency_drift_percent"].max = 5;
  for (std::size_t w = 0; w < kLatencyWindows; ++w) {
    const double centre = w < 60 ? first : last;
    const double noise = static_cast<double>((w * 7) % 5) - 2;  // -2 ... 2
    record.windows.push_back({100, centre, centre * (1 + noise / 100), centre * 3});
  }
  return record;
}

}  // namespace

TEST_CASE("a slowdown is a finding when its whole interval is beyond the threshold") {
  const auto sick = analyse(withLatency(100'000, 121'300));
  REQUIRE(sick.findings.size() == 1);
  CHECK(toString(sick.findings[0].kind) == "slowdown");
  CHECK(sick.findings[0].percent == doctest::Approx(21.3).epsilon(0.02));
  CHECK(sick.findings[0].percentLow > 5);

  CHECK(analyse(withLatency(100'000, 100'000)).findings.empty());
  CHECK(analyse(withLatency(100'000, 105'500)).findings.empty());  // the interval reaches below 5 %
  CHECK(analyse(withLatency(100'000, 80'000)).findings.empty());   // faster
}

TEST_CASE("a busy machine at the end of the run is no slowdown of the target") {
  auto record = withLatency(100'000, 100'000);
  for (std::size_t w = 68; w < kLatencyWindows; ++w) record.windows[w].p50Ns *= 1.4;  // somebody's compiler
  const auto drift = latencyDrift(record);
  REQUIRE(drift.has_value());
  CHECK(drift->low > 30);  // the last windows alone would say so
  CHECK(drift->floorPercent < 5);
  CHECK(analyse(record).findings.empty());
}

TEST_CASE("a scenario that does not ask for the drift is not failed by it") {
  auto record = withLatency(100'000, 121'300);
  record.scenario.budgets.clear();
  CHECK(latencyDrift(record)->slower());
  CHECK(analyse(record).findings.empty());
}

TEST_CASE("the scenario's budget is the threshold of the drift") {
  auto record = withLatency(100'000, 121'300);
  record.scenario.budgets["latency_drift_percent"].max = 30;
  CHECK(analyse(record).findings.empty());
}

TEST_CASE("a short run has no drift") {
  RunRecord record = RecordBuilder();
  record.windows.resize(19, {10, 1, 1, 1});
  CHECK_FALSE(latencyDrift(record).has_value());
}
