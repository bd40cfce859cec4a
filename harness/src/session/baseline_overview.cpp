#include "session/baseline_overview.hpp"

#include <algorithm>
#include <map>
#include <optional>

#include "analysis/metrics.hpp"
#include "gate/budget_text.hpp"
#include "gate/compare.hpp"
#include "gate/suppressions.hpp"
#include "report/finding_text.hpp"
#include "report/report_json.hpp"
#include "revisions/repository.hpp"
#include "scenario/load.hpp"
#include "session/baseline_set.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::map<std::string, Report> reportsIn(const fs::path& folder) {
  std::map<std::string, Report> reports;
  for (const auto& file : jsonFilesIfAny(folder)) {
    Report report = readReport(file);
    std::string name = report.scenario.name;
    if (report.end == RunEnd::whole) reports.emplace(std::move(name), std::move(report));
  }
  return reports;
}

std::string commitDateOf(const fs::path& file) {
  try {
    return gitIn(file.parent_path().empty() ? "." : file.parent_path(),
                 {"log", "-1", "--format=%cs", "--", file.filename().string()});
  } catch (const InputError&) {
    return "";  // no repository
  }
}

std::vector<Slack> slackOf(const Baseline& baseline, const Report& report) {
  std::vector<Slack> slack;
  const auto& budgets = report.scenario.budgets;
  for (const auto& [before, now, change] : compare(baseline, report).metrics) {
    const bool isTighter = change == Change::better && now.kind != MetricKind::sampled;
    if (isTighter && !budgets.contains(now.name)) slack.push_back({now.name, asValue(before), asValue(now)});
  }
  for (const auto& [name, budget] : budgets) {
    const Metric* now = findMetric(report.metrics, name);
    if (now == nullptr || now->kind != MetricKind::exact) continue;
    const bool loose = (budget.max && now->value < *budget.max) || (budget.min && now->value > *budget.min);
    if (loose) slack.push_back({name, budgetText(budget, now->unit), asValue(*now)});
  }
  return slack;
}

BaselineState stateOf(const fs::path& file, const std::map<std::string, Report>& reports) {
  const Baseline baseline = readBaseline(file);
  BaselineState state;
  state.scenario = baseline.scenarioName;
  state.file = file;
  if (file.stem().string() != scenarioOfBaseline(file))
    state.toolchain = baseline.environment.compiler + ", " + baseline.environment.libc;
  state.date = commitDateOf(file);
  if (!baseline.log.empty()) state.lastReason = baseline.log.back().reason;
  const auto report = reports.find(baseline.scenarioName);
  if (report == reports.end() || report->second.scenario.hash != baseline.scenarioHash) return state;
  const bool otherToolchain =
      toolchainFingerprint(report->second.environment) != toolchainFingerprint(baseline.environment);
  if (!state.toolchain.empty() && otherToolchain) return state;
  state.measured = true;
  state.slack = slackOf(baseline, report->second);
  return state;
}

}  // namespace

BaselineOverview baselineOverview(const OverviewFolders& folders) {
  const std::map<std::string, Report> reports = reportsIn(folders.reports);
  BaselineOverview overview;
  for (const auto& file : jsonFilesIfAny(folders.baselines))
    overview.baselines.push_back(stateOf(file, reports));
  const auto& baselines = overview.baselines;
  std::vector<std::string> scenarios;
  for (const auto& file : jsonFilesIn(folders.scenarios, "scenarios"))
    scenarios.push_back(loadScenario(file).name);
  for (const auto& name : scenarios) {
    const bool has = std::any_of(baselines.begin(), baselines.end(),
                                 [&](const BaselineState& state) { return state.scenario == name; });
    if (!has) overview.withoutBaseline.push_back(name);
  }
  for (const auto& state : baselines) {
    if (std::find(scenarios.begin(), scenarios.end(), state.scenario) == scenarios.end())
      overview.withoutScenario.push_back(state.file.string());
  }
  std::vector<const Report*> all;
  all.reserve(reports.size());
  for (const auto& [name, report] : reports) all.push_back(&report);
  overview.unusedSuppressions = unusedSuppressions(all);
  return overview;
}

}  // namespace leakgate
