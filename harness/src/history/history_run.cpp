#include "history/history_run.hpp"

#include <fmt/core.h>

#include <map>

#include "report/baseline.hpp"
#include "report/hash.hpp"
#include "report/utc_time.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kMaxLabelBytes = 160;

std::string labelOf(const Place& place) {
  std::string label = place.function.empty() ? place.module : place.function;
  if (!place.scope.empty()) label += " in scope " + place.scope;
  if (!place.file.empty()) label += fmt::format(" {}:{}", place.file, place.line);
  return std::string(wholeCharacters(label, kMaxLabelBytes));
}

Machine machineOf(const Environment& e) {
  Machine machine;
  machine.fingerprint = e.fingerprint;
  machine.countsKey = hashOf(
      {e.compiler, e.flags, e.buildType, e.libc, std::to_string(e.cores), std::to_string(e.shimLayout)});
  machine.compiler = e.compiler;
  machine.description = fmt::format("{}, {} cores, {}, {}", e.cpu, e.cores, e.kernel, e.libc);
  return machine;
}

void addMetrics(const Report& report, std::vector<HistoryValue>& values) {
  for (const Metric& metric : report.metrics) {
    if (metric.direction == Direction::none && report.scenario.budgets.count(metric.name) == 0) continue;
    values.push_back({metric.name, "", metric.value, metric.unit, metric.kind, metric.direction});
  }
}

void addSteps(const Report& report, std::vector<HistoryValue>& values) {
  const auto add = [&](const std::string& name, double value) {
    values.push_back({name, "", value, "ns", MetricKind::sampled, Direction::lower});
  };
  for (const StepTimes& step : report.steps) {
    add("step." + step.step + ".p50_ns", step.p50Ns);
    add("step." + step.step + ".p99_ns", step.p99Ns);
  }
}

// A fingerprint may occur twice (two lines of one function): their growth is one series.
void addFindings(const Report& report, std::vector<HistoryValue>& values) {
  struct Growth {
    std::string label;
    double blocks = 0;
    double bytes = 0;
    double percent = 0;
  };
  std::map<std::string, Growth> findings;
  for (const NamedFinding& finding : report.findings) {
    Growth& growth = findings[finding.fingerprint];
    if (growth.label.empty()) growth.label = labelOf(finding.place);
    growth.blocks += finding.growth.blocksPerEvent;
    growth.bytes += finding.growth.bytesPerEvent;
    growth.percent += finding.growth.percent;
  }
  for (const auto& [fingerprint, growth] : findings) {
    const auto add = [&, &label = growth.label, &key = fingerprint](const char* what, double value,
                                                                    const char* unit, MetricKind kind) {
      if (value != 0)
        values.push_back({"finding." + key + "." + what, label, value, unit, kind, Direction::lower});
    };
    add("blocks_per_event", growth.blocks, "blocks", MetricKind::exact);
    add("bytes_per_event", growth.bytes, "B", MetricKind::exact);
    add("percent", growth.percent, "%", MetricKind::sampled);
  }
}

void addPlaces(const Report& report, std::vector<HistoryValue>& values) {
  const auto requests = static_cast<double>(report.look.requests);  // sites count the added blocks, too
  if (requests == 0) return;
  std::map<std::string, std::pair<std::string, double>> places;
  for (const SiteSummary& site : report.sites) {
    if (site.allocations == 0) continue;
    auto& [label, allocations] = places[hashOf({site.place.module, site.place.function, site.place.scope})];
    if (label.empty()) label = labelOf(site.place);
    allocations += static_cast<double>(site.allocations);
  }
  for (const auto& [key, place] : places) {
    values.push_back({"place." + key + ".allocations_per_request", place.first, place.second / requests,
                      "blocks", MetricKind::exact, Direction::lower});
  }
}

std::string identityOf(const HistoryRun& run, const Report& report) {
  std::vector<std::string> parts{run.commit.hash,         run.scenario,     run.workload,
                                 run.machine.fingerprint, report.startedAt, report.reproduce};
  for (const Metric& metric : report.metrics)
    parts.push_back(fmt::format("{}={}", metric.name, metric.value));
  return hashOf(parts);
}

}  // namespace

HistoryRun historyRunOf(const Report& report, CommitInfo commit, const std::string& file) {
  if (report.environment.commit.empty()) {
    throw InputError(file, "environment.commit", "\"\"", "the commit that was measured",
                     "run leakgate in a git checkout, or set GITHUB_SHA or CI_COMMIT_SHA");
  }
  const auto started = secondsOf(report.startedAt);
  if (!started) {
    throw InputError(file, "run.started_at", "\"" + report.startedAt + "\"",
                     "a time like 2026-11-30T05:55:29Z");
  }
  HistoryRun run;
  run.commit = std::move(commit);
  run.commit.hash = report.environment.commit;
  if (run.commit.time == 0) run.commit.time = *started;
  run.dirty = report.environment.dirty;
  run.scenario = report.scenario.name;
  run.workload = workloadHashOf(report.scenario);
  run.machine = machineOf(report.environment);
  run.startedAt = *started;
  addMetrics(report, run.values);
  addSteps(report, run.values);
  addFindings(report, run.values);
  addPlaces(report, run.values);
  run.identity = identityOf(run, report);
  return run;
}

bool absentMeansZero(std::string_view seriesName) {
  return seriesName.substr(0, 8) == "finding." || seriesName.substr(0, 6) == "place.";
}

}  // namespace leakgate
