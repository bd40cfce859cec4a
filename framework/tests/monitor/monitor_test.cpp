#include "h3http/monitor.hpp"

#include <doctest/doctest.h>

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "h3http/arena.hpp"
#include "monitor/metric_table.hpp"
#include "monitor/monitor_state.hpp"
#include "open_metrics_text.hpp"

using h3::Metric;
using h3::Monitor;
using namespace h3::test;

namespace {

// Each metric with its own value, over two workers.
void fill(Monitor& monitor) {
  h3::WorkerCounters& first = h3::MonitorState::of(monitor).addWorker();
  h3::WorkerCounters& second = h3::MonitorState::of(monitor).addWorker();
  for (std::size_t i = 0; i < h3::kMetricCount; ++i) {
    first.add(static_cast<Metric>(i), 1000 * i);
    second.add(static_cast<Metric>(i), i + 1);
  }
  for (const std::uint64_t ns : {0u, 900u, 1'000u, 50'000u, 2'000'000u}) first.latency.record(ns);
  second.latency.record(~std::uint64_t{0} >> 20);  // beyond the last bucket
}

std::string textName(const h3::MetricName& metric) {
  return "h3_" + std::string(metric.group) + "_" + std::string(metric.name);
}

double sampleOf(const std::map<std::string, MetricFamily>& families, const h3::MetricName& metric) {
  const MetricFamily& family = families.at(textName(metric));
  REQUIRE(family.samples.size() == 1);
  CHECK(family.type == (metric.counter ? "counter" : "gauge"));
  CHECK(family.help == metric.help);
  return family.samples[0].second;
}

}  // namespace

TEST_CASE("OpenMetrics text and JSON tell the same numbers") {
  Monitor monitor;
  fill(monitor);
  h3::Arena arena;
  const auto families = parseOpenMetrics(monitor.openMetrics(arena));
  const nlohmann::json json = nlohmann::json::parse(monitor.json(arena));
  CHECK(families.size() == h3::kMetricCount + 6);
  for (std::size_t i = 0; i < h3::kMetricCount; ++i) {
    const h3::MetricName& metric = h3::kMetricNames[i];
    CAPTURE(textName(metric));
    const std::uint64_t expected = 1001 * i + 1;
    CHECK(sampleOf(families, metric) == static_cast<double>(expected));
    CHECK(json.at(metric.group).at(metric.name).get<std::uint64_t>() == expected);
  }
  const auto part = [&](const char* group, const char* name) {
    return json.at(group).at(name).get<double>();
  };
  CHECK(part("event_pool", "reuse_ratio") ==
        doctest::Approx(part("event_pool", "reused") / part("event_pool", "acquired")));
  const double lookups = part("route_cache", "hits") + part("route_cache", "misses");
  CHECK(part("route_cache", "hit_ratio") == doctest::Approx(part("route_cache", "hits") / lookups));
  CHECK(json.at("latency_ns").at("p50").get<std::uint64_t>() == monitor.latencyQuantileNs(0.5));
}

TEST_CASE("the histogram's buckets rise to +Inf, which holds what is longer than all") {
  Monitor monitor;
  fill(monitor);
  h3::Arena arena;
  const MetricFamily family = parseOpenMetrics(monitor.openMetrics(arena)).at("h3_request_duration_seconds");
  CHECK(family.type == "histogram");
  CHECK(family.unit == "seconds");
  REQUIRE(family.samples.size() > 4);
  double bound = 0, count = 0;
  for (std::size_t i = 0; i + 3 < family.samples.size(); ++i) {
    const auto& [name, value] = family.samples[i];
    CAPTURE(name);
    const double le = std::stod(name.substr(name.find('"') + 1));
    CHECK(le > bound);
    CHECK(value >= count);
    bound = le;
    count = value;
  }
  CHECK(count == 5);  // the sixth is longer
  const auto last = family.samples.end() - 3;
  CHECK(last[0] == std::pair<std::string, double>("h3_request_duration_seconds_bucket{le=\"+Inf\"}", 6));
  CHECK(last[1] == std::pair<std::string, double>("h3_request_duration_seconds_count", 6));
  CHECK(last[2].second > 10'000);
}

TEST_CASE("ratios before the first request are 1, and the text of no worker at all is whole") {
  Monitor monitor;
  h3::Arena arena;
  CHECK_NOTHROW(parseOpenMetrics(monitor.openMetrics(arena)));
  const nlohmann::json json = nlohmann::json::parse(monitor.json(arena));
  CHECK(json["event_pool"]["reuse_ratio"] == 1.0);
  CHECK(json["latency_ns"]["p99"] == 0);
}
