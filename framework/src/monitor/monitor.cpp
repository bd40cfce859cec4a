#include "h3http/monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <memory_resource>
#include <string>

#include "h3http/arena.hpp"
#include "h3http/json_writer.hpp"
#include "monitor/metric_table.hpp"
#include "monitor/monitor_state.hpp"
#include "monitor/route_exposition.hpp"

namespace h3 {
namespace {

double ratio(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 1.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Monitor::Monitor() : state_(std::make_unique<MonitorState>()) {}
Monitor::~Monitor() = default;

std::uint64_t Monitor::total(Metric metric) const { return state_->total(metric); }

std::uint64_t Monitor::latencyQuantileNs(double quantile) const {
  return state_->latency().quantileNs(quantile);
}

std::string_view Monitor::openMetrics(Arena& arena) const {
  std::pmr::string text(&arena.resource());
  text.reserve(8 * 1024);
  const auto out = std::back_inserter(text);
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const MetricName& metric = kMetricNames[i];
    fmt::format_to(out, "# TYPE h3_{0}_{1} {2}\n# HELP h3_{0}_{1} {3}\nh3_{0}_{1}{4} {5}\n", metric.group,
                   metric.name, metric.counter ? "counter" : "gauge", metric.help,
                   metric.counter ? "_total" : "", total(static_cast<Metric>(i)));
  }
  const LatencyCounts latency = state_->latency();
  fmt::format_to(out,
                 "# TYPE h3_request_duration_seconds histogram\n# UNIT h3_request_duration_seconds seconds\n"
                 "# HELP h3_request_duration_seconds Bytes received to response queued.\n");
  appendHistogram(text, "h3_request_duration_seconds", "", latency, 1);
  appendRoutes(text, *state_);
  appendDrift(text, *state_);
  fmt::format_to(out, "# EOF\n");
  return arena.copy(text);
}

std::string_view Monitor::json(Arena& arena) const {
  JsonWriter json(arena, 4096);
  json.beginObject();
  std::string_view group;
  for (std::size_t i = 0; i < kMetricCount; ++i) {
    const MetricName& metric = kMetricNames[i];
    if (metric.group != group) {
      if (!group.empty()) json.endObject();
      group = metric.group;
      json.key(group).beginObject();
      if (group == "event_pool")
        json.member("reuse_ratio", ratio(total(Metric::eventPoolReused), total(Metric::eventPoolAcquired)));
      if (group == "route_cache")
        json.member("hit_ratio", ratio(total(Metric::routeCacheHits),
                                       total(Metric::routeCacheHits) + total(Metric::routeCacheMisses)));
    }
    json.member(metric.name, total(static_cast<Metric>(i)));
  }
  json.endObject();
  const LatencyCounts latency = state_->latency();
  json.key("latency_ns").beginObject();
  for (const Quantile& quantile : kQuantiles) json.member(quantile.name, latency.quantileNs(quantile.value));
  json.endObject();
  writeRoutes(json, *state_);
  writeDrift(json, *state_);
  json.endObject();
  return json.text();
}

}  // namespace h3
