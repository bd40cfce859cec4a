#include "analysis/analyse.hpp"

#include <algorithm>
#include <cstdlib>

#include "analysis/brought_along.hpp"
#include "analysis/growth_judge.hpp"
#include "analysis/metrics.hpp"

namespace leakgate {

namespace {

// `slowed`: by how much, in percent, with its interval.
template <class Slowed>
Finding slowdownOf(const RunRecord& record, Pattern pattern, const Slowed& slowed) {
  Finding finding;
  finding.kind = FindingKind::slowdown;
  finding.follows = Follows::request;
  finding.pattern = pattern;
  finding.percent = slowed.percent;
  finding.percentLow = slowed.low;
  finding.percentHigh = slowed.high;
  finding.events = record.checkpoints.back().requests;
  for (const auto& checkpoint : record.checkpoints) finding.checkpoints.push_back(checkpoint.requests);
  return finding;
}

// Only where the scenario asks for it: measuring drift needs a run that is long compared with other load on
// the machine.
void addSlowdown(Analysis& analysis, const RunRecord& record) {
  const bool asked = record.scenario.budgets.contains("latency_drift_percent");
  if (!asked || !analysis.drift || !analysis.drift->slower()) return;
  analysis.findings.push_back(slowdownOf(record, Pattern::slow, *analysis.drift));
}

void addCpuSlowdown(Analysis& analysis, const RunRecord& record) {
  if (!analysis.cpu || !analysis.cpu->rises()) return;
  Finding finding = slowdownOf(record, Pattern::linear, *analysis.cpu);
  finding.cpuNsFirst = analysis.cpu->nsPerRequest.front();
  finding.cpuNsLast = analysis.cpu->nsPerRequest.back();
  analysis.findings.push_back(finding);
}

void sortBySize(Analysis& analysis) {
  std::stable_sort(analysis.findings.begin(), analysis.findings.end(),
                   [](const Finding& a, const Finding& b) {
                     if (a.kind != b.kind) return a.kind < b.kind;
                     return !a.bytes.empty() && !b.bytes.empty() && a.bytes.back() > b.bytes.back();
                   });
  std::stable_sort(
      analysis.observations.begin(), analysis.observations.end(),
      [](const Observation& a, const Observation& b) { return std::abs(a.bytes) > std::abs(b.bytes); });
}

}  // namespace

Analysis analyse(const RunRecord& record) {
  Analysis analysis;
  if (record.checkpoints.size() < 2) return analysis;
  analysis.drift = latencyDrift(record);
  analysis.cpu = cpuGrowth(record);
  analysis.sites = siteGrowths(record);
  analysis.metrics = collectMetrics(record, analysis.drift, analysis.sites, analysis.cpu);
  judgeGrowths(analysis, record);
  foldBroughtAlong(analysis.findings, record);
  addCpuSlowdown(analysis, record);
  addSlowdown(analysis, record);
  sortBySize(analysis);
  return analysis;
}

bool hasFinding(const Analysis& analysis, FindingKind kind) {
  return std::any_of(analysis.findings.begin(), analysis.findings.end(),
                     [&](const Finding& finding) { return finding.kind == kind; });
}

}  // namespace leakgate
