#include "monitor/route_exposition.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <iterator>

#include "monitor/drift_board.hpp"

namespace h3 {
namespace {

constexpr std::array<DriftKind, kDriftKinds> kKinds = {DriftKind::latency, DriftKind::allocation,
                                                       DriftKind::liveBytes};
constexpr std::size_t kRoutePowers = 2;  // per bucket of a route's histogram: 13 buckets

struct Bound {
  std::string_view name;
  double Interval::*value;
};
constexpr std::array<Bound, 3> kBounds = {
    {{"low", &Interval::low}, {"estimate", &Interval::estimate}, {"high", &Interval::high}}};

struct RouteSums {
  std::uint64_t requests = 0;
  std::uint64_t timed = 0;
  std::uint64_t arenaBytes = 0;
  LatencyCounts latency;
};

RouteSums sumsOf(const MonitorState& monitor, std::size_t row) {
  RouteSums sums;
  for (const auto& worker : monitor.workers()) {
    const RouteRow& counted = worker->routes.row(row);
    sums.requests += counted.requests.read();
    sums.timed += counted.timed.read();
    sums.arenaBytes += counted.arenaBytes.read();
    sums.latency.add(counted.latency);
  }
  return sums;
}

double meanOf(std::uint64_t sum, std::uint64_t count) {
  return count == 0 ? 0 : static_cast<double>(sum) / static_cast<double>(count);
}

void escape(std::pmr::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\\' || c == '"') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
}

// method="GET",route="/x", as an unfinished label set.
std::pmr::string labelsOf(const RouteName& name, std::pmr::memory_resource* memory) {
  std::pmr::string labels(memory);
  labels += "method=\"";
  escape(labels, name.method);
  labels += "\",route=\"";
  escape(labels, name.pattern);
  labels += "\",";
  return labels;
}

void appendFamily(std::pmr::string& text, std::string_view name, std::string_view type, std::string_view help,
                  std::string_view unit = {}) {
  const auto out = std::back_inserter(text);
  fmt::format_to(out, "# TYPE {} {}\n", name, type);
  if (!unit.empty()) fmt::format_to(out, "# UNIT {} {}\n", name, unit);
  fmt::format_to(out, "# HELP {} {}\n", name, help);
}

// A label set without its last comma.
std::string_view closed(std::string_view labels) { return labels.substr(0, labels.size() - 1); }

void appendInterval(std::pmr::string& text, std::string_view name, std::string_view labels,
                    const Interval& interval) {
  for (const Bound& bound : kBounds)
    fmt::format_to(std::back_inserter(text), "{}{{{}bound=\"{}\"}} {}\n", name, labels, bound.name,
                   interval.*bound.value);
}

template <class Call>
void forEachShown(std::pmr::string& text, const MonitorState& monitor, Call call) {
  const DriftBoard& board = monitor.board();
  for (std::size_t i = 0; i < board.shownCount(); ++i) {
    const ShownRoute& route = board.shown(i);
    const std::size_t row = route.row.read();
    call(route, row, labelsOf(monitor.names()[row], text.get_allocator().resource()));
  }
}

void writeInterval(JsonWriter& json, std::string_view key, const Interval& interval) {
  json.key(key).beginObject();
  for (const Bound& bound : kBounds) json.member(bound.name, interval.*bound.value);
  json.endObject();
}

}  // namespace

void appendHistogram(std::pmr::string& text, std::string_view name, std::string_view labels,
                     const LatencyCounts& counts, std::size_t powersPerBucket) {
  const std::size_t step = powersPerBucket << LatencyHistogram::kSubBits;
  const auto out = std::back_inserter(text);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < LatencyHistogram::kBuckets; ++i) {
    seen += counts.bucket(i);
    // The last bucket also contains everything longer, which belongs to +Inf.
    const std::uint64_t boundNs = LatencyHistogram::upperBoundNs(i);
    if (i % step == step - 1 && boundNs >= 1024 && i + 1 < LatencyHistogram::kBuckets)
      fmt::format_to(out, "{}_bucket{{{}le=\"{}\"}} {}\n", name, labels, static_cast<double>(boundNs) * 1e-9,
                     seen);
  }
  const bool bare = labels.empty();
  const std::string_view set = bare ? labels : closed(labels);
  const std::string_view open = bare ? "" : "{";
  const std::string_view close = bare ? "" : "}";
  fmt::format_to(out, "{0}_bucket{{{1}le=\"+Inf\"}} {5}\n{0}_count{3}{2}{4} {5}\n{0}_sum{3}{2}{4} {6}\n",
                 name, labels, set, open, close, seen, static_cast<double>(counts.sumNs()) * 1e-9);
}

void appendRoutes(std::pmr::string& text, const MonitorState& monitor) {
  if (monitor.board().shownCount() == 0) return;
  const auto out = std::back_inserter(text);
  appendFamily(text, "h3_route_requests", "counter", "Requests per route.");
  forEachShown(text, monitor, [&](const ShownRoute&, std::size_t row, const std::pmr::string& labels) {
    std::uint64_t requests = 0;
    for (const auto& worker : monitor.workers()) requests += worker->routes.row(row).requests.read();
    fmt::format_to(out, "h3_route_requests_total{{{}}} {}\n", closed(labels), requests);
  });
  appendFamily(text, "h3_handler_duration_seconds", "histogram",
               "Middleware and handler, estimated from the requests that are timed.", "seconds");
  forEachShown(text, monitor, [&](const ShownRoute&, std::size_t row, const std::pmr::string& labels) {
    appendHistogram(text, "h3_handler_duration_seconds", labels, sumsOf(monitor, row).latency, kRoutePowers);
  });
  appendFamily(text, "h3_route_latency_change", "gauge",
               "Handler time against this route's reference, as a share; 99.9 % bounds.");
  forEachShown(text, monitor, [&](const ShownRoute& route, std::size_t, const std::pmr::string& labels) {
    appendInterval(text, "h3_route_latency_change", labels, route.latencyChange.read());
  });
  appendFamily(text, "h3_route_drift_alarms", "counter", "Drifts reported for this route.");
  forEachShown(text, monitor, [&](const ShownRoute& route, std::size_t, const std::pmr::string& labels) {
    fmt::format_to(out, "h3_route_drift_alarms_total{{{}}} {}\n", closed(labels), route.alarms.read());
  });
}

void appendDrift(std::pmr::string& text, const MonitorState& monitor) {
  const DriftBoard& board = monitor.board();
  const auto out = std::back_inserter(text);
  appendFamily(text, "h3_drift_alarms", "counter", "Drifts reported.");
  for (const DriftKind kind : kKinds)
    fmt::format_to(out, "h3_drift_alarms_total{{kind=\"{}\"}} {}\n", toString(kind),
                   board.alarms(kind).read());
  appendFamily(text, "h3_process_heap_live_bytes", "gauge",
               "Bytes in use in the heap, as the allocator tells (mimalloc: in the heaps of the workers).");
  fmt::format_to(out, "h3_process_heap_live_bytes {}\n", board.heapLiveBytes.read());
  appendFamily(text, "h3_process_resident_bytes", "gauge", "Resident set of the process.");
  fmt::format_to(out, "h3_process_resident_bytes {}\n", board.residentBytes.read());
  appendFamily(text, "h3_live_bytes_trend", "gauge",
               "Theil-Sen slope of the live bytes over the last 39 windows, bytes per second.");
  appendInterval(text, "h3_live_bytes_trend", "", board.liveBytesTrend.read());
  appendFamily(text, "h3_latency_trend", "gauge",
               "Theil-Sen slope of handler times against their references, share per hour.");
  appendInterval(text, "h3_latency_trend", "", board.latencyTrend.read());
}

void writeRoutes(JsonWriter& json, const MonitorState& monitor) {
  const DriftBoard& board = monitor.board();
  json.key("routes").beginObject();
  for (std::size_t i = 0; i < board.shownCount(); ++i) {
    const ShownRoute& route = board.shown(i);
    const RouteName& name = monitor.names()[route.row.read()];
    const RouteSums sums = sumsOf(monitor, route.row.read());
    json.key(name.pattern.empty() ? "unmatched" : name.method + ' ' + name.pattern).beginObject();
    json.member("requests", sums.requests).member("timed", sums.timed);
    json.member("arena_bytes_per_request", meanOf(sums.arenaBytes, sums.timed));
    json.key("latency_ns").beginObject();
    json.member("mean", meanOf(sums.latency.sumNs(), sums.latency.count()));
    for (const Quantile& quantile : kQuantiles)
      json.member(quantile.name, sums.latency.quantileNs(quantile.value));
    json.endObject();
    writeInterval(json, "latency_change", route.latencyChange.read());
    json.member("drift_alarms", route.alarms.read());
    json.endObject();
  }
  json.endObject();
}

void writeDrift(JsonWriter& json, const MonitorState& monitor) {
  const DriftBoard& board = monitor.board();
  json.key("process").beginObject();
  json.member("heap_live_bytes", board.heapLiveBytes.read());
  json.member("resident_bytes", board.residentBytes.read()).endObject();
  json.key("drift").beginObject();
  for (const DriftKind kind : kKinds) json.member(toString(kind), board.alarms(kind).read());
  writeInterval(json, "live_bytes_per_second", board.liveBytesTrend.read());
  writeInterval(json, "latency_share_per_hour", board.latencyTrend.read());
  json.endObject();
}

}  // namespace h3
