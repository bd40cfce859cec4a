#include "analysis/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "analysis/growth_series.hpp"
#include "metric_value.hpp"
#include "record_builder.hpp"

using namespace leakgate;

TEST_CASE("memory metrics are differences between the last checkpoint and warm") {
  const RunRecord record = RecordBuilder().site(RecordBuilder::at(1), {7, 1007, 2007, 4007, 8007},
                                                {100, 17100, 34100, 68100, 136100});
  const auto metrics = collectMetrics(record, std::nullopt);
  CHECK(valueOf(metrics, "live_bytes_per_request") == 17);
  CHECK(valueOf(metrics, "live_blocks_per_request") == 1);
  CHECK(valueOf(metrics, "live_bytes_growth") == 136000);
  CHECK(valueOf(metrics, "live_blocks_growth") == 8000);
  CHECK(valueOf(metrics, "allocations_per_request") == 1);
  CHECK(valueOf(metrics, "allocated_bytes_per_request") == 17);
  CHECK(valueOf(metrics, "live_bytes_at_warm") == 100);
}

TEST_CASE("what came once is growth, but no slope, whenever it came") {
  for (const auto& [blocks, bytes] : {std::pair<Series, Series>{{0, 0, 1, 1, 1}, {0, 0, 64, 64, 64}},
                                      std::pair<Series, Series>{{0, 0, 0, 0, 1}, {0, 0, 0, 0, 64}}}) {
    const RunRecord record = RecordBuilder().site(RecordBuilder::at(1), blocks, bytes);
    const auto metrics = collectMetrics(record, std::nullopt);
    CHECK(valueOf(metrics, "live_bytes_per_request") == 0);
    CHECK(valueOf(metrics, "live_bytes_growth") == 64);
  }
}

TEST_CASE("counts do not depend on how often the run was extended") {
  // Grows by one block a request, and ends an idle interval later with all of it given back.
  const auto metricsOf = [](const std::vector<std::uint64_t>& blocks, const Series& live) {
    return collectMetrics(RecordBuilder(blocks).site(RecordBuilder::at(1), live, live), std::nullopt);
  };
  const auto planned = metricsOf(kBlocks, {0, 1000, 2000, 4000, 8000});
  const auto extended = metricsOf(kExtendedBlocks, {0, 1000, 2000, 4000, 8000, 16000, 32000});
  const auto cooled = metricsOf({1000, 1000, 2000, 4000, 0}, {0, 1000, 2000, 4000, 8000, 0});
  CHECK(planned == extended);
  CHECK(planned == cooled);
  CHECK(valueOf(extended, "requests") == 8000);
}

TEST_CASE("an unexpected response counts whenever it arrived") {
  auto builder = RecordBuilder(kExtendedBlocks);
  builder.record().checkpoints.back().block.unexpected = 1;
  CHECK(valueOf(collectMetrics(builder, std::nullopt), "unexpected_answers") == 1);
}

TEST_CASE("a target that is never at rest has no exact counts") {
  auto builder = RecordBuilder().site(RecordBuilder::at(1), {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0});
  builder.record().checkpoints[2].settled = false;
  const auto metrics = collectMetrics(builder, std::nullopt);
  for (const char* name : {"live_bytes_growth", "allocations_per_request", "descriptors_growth"}) {
    CHECK(toString(findMetric(metrics, name)->kind) == "spread");
  }
  CHECK(toString(findMetric(metrics, "unexpected_answers")->kind) == "exact");
}

TEST_CASE("the steady allocations are those of places that allocate in proportion") {
  // One a request; one a batch, whose number depends on how requests meet.
  const RunRecord record = RecordBuilder()
                               .site(RecordBuilder::at(1), {0, 1000, 2000, 4000, 8000}, {0, 0, 0, 0, 0})
                               .site(RecordBuilder::at(2), {0, 531, 1122, 2190, 4412}, {0, 0, 0, 0, 0});
  const auto metrics = collectMetrics(record, std::nullopt, siteGrowths(record));
  CHECK(valueOf(metrics, "steady_allocations_per_request") == 1);
  CHECK(valueOf(metrics, "allocations_per_request") == (8000 + 4412) / 8000.0);
}

TEST_CASE("the names of the metrics that every run may have") {
  const auto names = builtInMetricNames();
  const auto has = [&](const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const RunRecord record = RecordBuilder().site(RecordBuilder::at(1), {0, 0, 0, 0, 0}, {0, 0, 0, 0, 0});
  for (const auto& metric : collectMetrics(record, LatencyDrift{}, siteGrowths(record))) {
    CAPTURE(metric.name);
    CHECK((has(metric.name) || metric.name == "statuses.200"));
  }
}

TEST_CASE("traffic, process and speed") {
  auto builder = RecordBuilder();
  auto& last = builder.record().checkpoints.back();
  last.block.unexpected = 2;
  last.block.statuses[404] = 3;
  last.process.descriptors += 4;
  last.process.threads -= 1;
  last.memory.audit.regionBytes = 4096;
  const auto metrics = collectMetrics(builder, std::nullopt);
  CHECK(valueOf(metrics, "requests") == 8000);
  CHECK(valueOf(metrics, "unexpected_answers") == 2);
  CHECK(valueOf(metrics, "statuses.200") == 8000);
  CHECK(valueOf(metrics, "statuses.404") == 3);
  CHECK(valueOf(metrics, "descriptors_growth") == 4);
  CHECK(valueOf(metrics, "threads_growth") == -1);
  CHECK(valueOf(metrics, "rss_retained_bytes") == (1 << 20) - 4096);
  CHECK(valueOf(metrics, "throughput_rps") == 100'000);
  CHECK(valueOf(metrics, "cpu_ns_per_request") == 5000);
  CHECK(findMetric(metrics, "latency_drift_percent") == nullptr);
}

TEST_CASE("an open loop has latencies of its own") {
  RecordBuilder builder;
  CHECK(findMetric(collectMetrics(builder, std::nullopt), "open_loop.p50_ns") == nullptr);
  builder.record().openLoop = {.requests = 100, .p50Ns = 30'000, .p99Ns = 90'000};
  const auto metrics = collectMetrics(builder, std::nullopt);
  CHECK(valueOf(metrics, "open_loop.p50_ns") == 30'000);
  CHECK(valueOf(metrics, "open_loop.p99_ns") == 90'000);
}

TEST_CASE("the kernel's work per request") {
  auto builder = RecordBuilder();
  auto& warm = builder.record().checkpoints.front().process;
  auto& last = builder.record().checkpoints.back().process;
  warm.minorFaults = 100;
  last.minorFaults = 4100;
  last.majorFaults = 8;
  warm.switches = {{7, {1000, 50}}, {8, {9000, 900}}};
  last.switches = {{7, {9000, 450}}, {9, {8000, 0}}};  // thread 8 has ended, 9 is new
  const auto metrics = collectMetrics(builder, std::nullopt);
  CHECK(valueOf(metrics, "minor_faults_per_request") == 0.5);
  CHECK(valueOf(metrics, "major_faults_per_request") == 0.001);
  CHECK(valueOf(metrics, "voluntary_switches_per_request") == 2);
  CHECK(valueOf(metrics, "involuntary_switches_per_request") == 0.05);
}

TEST_CASE("scopes count from warm on") {
  auto builder = RecordBuilder();
  builder.record().checkpoints.front().memory.scopes = {{"setContext", 100, 1000}};
  builder.record().checkpoints.back().memory.scopes = {
      {"", 5, 5}, {"routing", 4000, 1}, {"setContext", 16100, 1}};
  const auto metrics = collectMetrics(builder, std::nullopt);
  CHECK(valueOf(metrics, "scope.setContext.allocations_per_request") == 2);
  CHECK(valueOf(metrics, "scope.routing.allocations_per_request") == 0.5);
  CHECK(findMetric(metrics, "scope..allocations_per_request") == nullptr);
}

TEST_CASE("without the shim no memory metric is made up") {
  auto builder = RecordBuilder();
  builder.record().depth = Depth::none;
  const auto metrics = collectMetrics(builder, std::nullopt);
  CHECK(findMetric(metrics, "live_bytes_growth") == nullptr);
  CHECK(findMetric(metrics, "allocations_per_request") == nullptr);
  CHECK(findMetric(metrics, "rss_retained_bytes") == nullptr);
  CHECK(valueOf(metrics, "requests") == 8000);
}
