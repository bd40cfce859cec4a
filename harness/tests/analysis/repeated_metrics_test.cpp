#include "analysis/repeated_metrics.hpp"

#include <doctest/doctest.h>

using namespace leakgate;

namespace {

std::vector<Metric> runOf(double allocations, double atWarm, double p50) {
  return {{"allocations_per_request", allocations, "blocks", MetricKind::exact, Direction::lower},
          {"live_bytes_at_warm", atWarm, "B", MetricKind::spread, Direction::lower},
          {"latency.p50_ns", p50, "ns", MetricKind::sampled, Direction::lower}};
}

}  // namespace

TEST_CASE("a count is exact when every run agrees, and a spread when one does not") {
  auto metrics = runOf(5, 100, 1000);
  addRepeats(metrics, {runOf(5, 100, 1200), runOf(5, 100, 900)});
  CHECK(toString(metrics[0].kind) == "exact");
  CHECK_FALSE(metrics[0].spread.has_value());

  addRepeats(metrics, {runOf(5, 100, 1200), runOf(4.5, 100, 900), runOf(5.25, 100, 900)});
  CHECK(toString(metrics[0].kind) == "spread");
  CHECK((metrics[0].spread == Spread{4, 4.5, 5.25}));
  CHECK(metrics[0].value == 5);  // the first run's

  addRepeats(metrics, {runOf(5, 100, 1200)});
  CHECK(toString(metrics[0].kind) == "exact");  // by all runs so far
}

TEST_CASE("memory after the warm-up stays a spread, times stay sampled, and no repeats change nothing") {
  auto metrics = runOf(5, 100, 1000);
  addRepeats(metrics, {runOf(5, 100, 1200)});
  CHECK(toString(metrics[1].kind) == "spread");
  CHECK((metrics[1].spread == Spread{2, 100, 100}));
  CHECK(metrics[2] == runOf(5, 100, 1000)[2]);
  const auto before = metrics;
  addRepeats(metrics, {});
  CHECK(metrics == before);
}

TEST_CASE("the counts that differ between two runs are named") {
  CHECK(variedCounts(runOf(5, 100, 1000), runOf(5, 200, 2000)).empty());
  CHECK(variedCounts(runOf(5, 100, 1000), runOf(6, 100, 1000)) ==
        std::vector<std::string>{"allocations_per_request"});
  auto more = runOf(5, 100, 1000);
  more.push_back({"statuses.500", 1, "1", MetricKind::exact, Direction::none});
  CHECK(variedCounts(runOf(5, 100, 1000), more) == std::vector<std::string>{"statuses.500"});
  CHECK(variedCounts(more, runOf(5, 100, 1000)) == std::vector<std::string>{"statuses.500"});

  auto metrics = runOf(5, 100, 1000);
  markVaried(metrics, {"allocations_per_request", "latency.p50_ns"});
  CHECK(toString(metrics[0].kind) == "spread");
  CHECK(toString(metrics[2].kind) == "sampled");
}
