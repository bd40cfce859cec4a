// Google Benchmark's JSON, and that of github-action-benchmark.
#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "analysis/metrics.hpp"
#include "writers/foreign_text.hpp"
#include "writers/formats.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

double valueOf(const Report& report, std::string_view name) {
  const Metric* metric = findMetric(report.metrics, name);
  return metric == nullptr || !std::isfinite(metric->value) ? 0 : metric->value;
}

Json contextOf(const Report& report) {
  const Environment& environment = report.environment;
  return {{"date", foreignLine(report.startedAt)},
          {"host_name", foreignLine(environment.cpu)},
          {"executable", foreignLine(report.command.empty() ? "" : report.command.front())},
          {"num_cpus", environment.cores},
          {"mhz_per_cpu", 0},
          {"cpu_scaling_enabled", false},
          {"caches", Json::array()},
          {"load_avg", Json::array()},
          {"library_build_type", foreignLine(environment.buildType)},
          {"commit", foreignLine(environment.commit)}};
}

// A metric becomes a user counter, unless a field of the format has its name.
Json benchmarkOf(const std::string& name, const Report& report) {
  Json json{{"name", name},
            {"run_name", name},
            {"run_type", "iteration"},
            {"repetitions", 1},
            {"repetition_index", 0},
            {"threads", 1},
            {"iterations", static_cast<std::uint64_t>(valueOf(report, "requests"))},
            {"real_time", valueOf(report, "latency.p50_ns")},
            {"cpu_time", valueOf(report, "cpu_ns_per_request")},
            {"time_unit", "ns"}};
  for (const auto& metric : report.metrics) {
    const std::string counter = foreignLine(metric.name);
    if (!json.contains(counter) && std::isfinite(metric.value)) json[counter] = metric.value;
  }
  return json;
}

}  // namespace

std::string googleBenchmarkJson(const WriterInput& input) {
  Json context = Json::object();
  Json benchmarks = Json::array();
  for (const auto& result : input.results) {
    if (!result.report) continue;
    if (context.empty()) context = contextOf(*result.report);
    benchmarks.push_back(benchmarkOf(foreignLine(result.name), *result.report));
  }
  return Json{{"context", std::move(context)}, {"benchmarks", std::move(benchmarks)}}.dump(1) + "\n";
}

std::string actionBenchmarkJson(const WriterInput& input) {
  Json list = Json::array();
  for (const auto& result : input.results) {
    if (!result.report) continue;
    for (const auto& metric : result.report->metrics) {
      if (metric.direction != Direction::lower || !std::isfinite(metric.value)) continue;
      Json entry{{"name", foreignLine(result.name) + "/" + foreignLine(metric.name)},
                 {"unit", foreignLine(metric.unit)},
                 {"value", metric.value}};
      if (metric.spread) entry["range"] = fmt::format("{} to {}", metric.spread->low, metric.spread->high);
      list.push_back(std::move(entry));
    }
  }
  return list.dump(1) + "\n";
}

}  // namespace leakgate
