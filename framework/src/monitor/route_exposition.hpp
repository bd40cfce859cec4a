// The parts of /metrics per route, and the detectors' results.
#pragma once

#include <array>
#include <memory_resource>
#include <string>
#include <string_view>

#include "h3http/json_writer.hpp"
#include "monitor/latency_histogram.hpp"
#include "monitor/monitor_state.hpp"

namespace h3 {

struct Quantile {
  std::string_view name;
  double value;
};
inline constexpr std::array<Quantile, 4> kQuantiles = {
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}}};

/// The samples of one histogram: a bucket for every `powersPerBucket` powers of two from 1,024 ns on.
/// `labels` is empty or ends with a comma.
void appendHistogram(std::pmr::string& text, std::string_view name, std::string_view labels,
                     const LatencyCounts& counts, std::size_t powersPerBucket);

/// The families of routes that are on the board; nothing while there is none.
void appendRoutes(std::pmr::string& text, const MonitorState& monitor);
void appendDrift(std::pmr::string& text, const MonitorState& monitor);

/// "routes": {"GET /x": {...}}; "process": {...}, "drift": {...}.
void writeRoutes(JsonWriter& json, const MonitorState& monitor);
void writeDrift(JsonWriter& json, const MonitorState& monitor);

}  // namespace h3
