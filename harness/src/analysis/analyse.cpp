#include "analysis/analyse.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "analysis/brought_along.hpp"
#include "analysis/metrics.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/resource_growth.hpp"
#include "analysis/site_judgement.hpp"

namespace leakgate {

namespace {

void addGrowth(Analysis& analysis, FindingKind kind, const SiteGrowth& site, const Drivers& drivers) {
  const SiteJudgement judgement = judgeSite(site, drivers);
  if (judgement.proved)
    analysis.findings.push_back(findingOf(kind, site, judgement, drivers));
  else if (judgement.pattern != Pattern::flat)
    analysis.observations.push_back(observationOf(kind, site, judgement));
}

// The other kinds are judged by the kernel's count.
bool isOfProcess(FindingKind kind) {
  return kind == FindingKind::mapping || kind == FindingKind::descriptor || kind == FindingKind::thread;
}

bool hasFinding(const Analysis& analysis, FindingKind kind) {
  return std::any_of(analysis.findings.begin(), analysis.findings.end(),
                     [&](const Finding& finding) { return finding.kind == kind; });
}

void addHeap(Analysis& analysis, const RunRecord& record, const Drivers& drivers) {
  if (record.depth == Depth::none) return;
  for (const auto& site : analysis.sites) addGrowth(analysis, FindingKind::heap, site, drivers);
  const bool sitesComplete =
      record.depth >= Depth::sites && record.checkpoints.back().memory.audit.sitesFolded == 0;
  if (!sitesComplete && !hasFinding(analysis, FindingKind::heap)) {
    addGrowth(analysis, FindingKind::heap, totalGrowth(record), drivers);
  }
}

// "Follows threads" would explain threads by themselves.
Drivers driversFor(FindingKind kind, Drivers drivers) {
  if (kind == FindingKind::thread)
    std::erase_if(drivers, [](const Driver& driver) { return driver.follows == Follows::thread; });
  return drivers;
}

// Where the number of processes grows, each brings descriptors, threads and mappings of its own, which its
// parent has opened: only what rises within the processes that stay counts, and places must agree with it.
void addWithinProcesses(Analysis& analysis, const RunRecord& record, FindingKind kind,
                        const Drivers& drivers) {
  const SiteGrowth all = lastingGrowth(record, kind);
  const std::size_t before = analysis.findings.size();
  const auto addProved = [&](const SiteGrowth& site) {
    const SiteJudgement judgement = judgeSite(site, drivers);
    if (judgement.proved) analysis.findings.push_back(findingOf(kind, site, judgement, drivers));
  };
  for (const auto& growth : resourceGrowths(record)) {
    if (growth.kind == kind && 2 * all.blocks.back() >= growth.site.blocks.back()) addProved(growth.site);
  }
  if (analysis.findings.size() == before) addProved(all);
}

// The places that the shim saw first; then what the kernel counts beyond them, which nobody can name.
void addResources(Analysis& analysis, const RunRecord& record, FindingKind kind, const Drivers& allDrivers) {
  const Drivers drivers = driversFor(kind, allDrivers);
  if (hasFinding(analysis, FindingKind::process)) return addWithinProcesses(analysis, record, kind, drivers);
  SiteGrowth rest = kernelGrowth(record, kind);
  for (const auto& growth : resourceGrowths(record)) {
    if (growth.kind != kind) continue;
    rest = without(std::move(rest), growth.site);
    addGrowth(analysis, kind, growth.site, drivers);
  }
  // Threads that have ended and are not joined: the places know of more than the kernel.
  if (rest.blocks.back() >= 0) addGrowth(analysis, kind, rest, drivers);
}

// The kernel joins neighbours to one line of its list, so lines cannot confirm what the shim saw, but bytes
// can: a program that unmaps past libc (by system calls of its own) has mapped and not grown.
bool kernelConfirms(const RunRecord& record, const SiteGrowth& mappings) {
  const auto mapped = [](const Checkpoint& checkpoint) {
    return static_cast<std::int64_t>(checkpoint.process.mappedBytes);
  };
  return mapped(record.checkpoints.back()) - mapped(record.checkpoints.front()) >= mappings.bytes.back() / 2;
}

// Leaked blocks bring mappings with them, stacks of threads too, and allocators map as they please: mappings
// speak only for themselves, and only in proportion.
void addMappings(Analysis& analysis, const RunRecord& record, const Drivers& drivers) {
  const bool broughtAlong = hasFinding(analysis, FindingKind::heap) ||
                            hasFinding(analysis, FindingKind::thread) ||
                            hasFinding(analysis, FindingKind::process);
  SiteGrowth rest = kernelGrowth(record, FindingKind::mapping);
  const auto addProportional = [&](const SiteGrowth& site) {
    const SiteJudgement judgement = judgeSite(site, drivers);
    if (judgement.proved && judgement.cause)
      analysis.findings.push_back(findingOf(FindingKind::mapping, site, judgement, drivers));
  };
  for (const auto& growth : resourceGrowths(record)) {
    if (growth.kind != FindingKind::mapping) continue;
    rest = without(std::move(rest), growth.site);
    if (kernelConfirms(record, growth.site)) addProportional(growth.site);
  }
  if (!broughtAlong) addProportional(rest);
}

void addObjects(Analysis& analysis, const RunRecord& record, const Drivers& drivers) {
  ObjectFindings objects = objectFindings(record, drivers);
  std::move(objects.findings.begin(), objects.findings.end(), std::back_inserter(analysis.findings));
  std::move(objects.observations.begin(), objects.observations.end(),
            std::back_inserter(analysis.observations));
}

// Resident memory beyond live blocks and the shim's own. It moves by pages and as the kernel likes, so only a
// rise that somebody would notice is worth a word.
void addRetention(Analysis& analysis, const RunRecord& record) {
  constexpr std::int64_t kNoticedBytes = 4 << 20;
  const bool broughtAlong = hasFinding(analysis, FindingKind::process);
  if (record.depth == Depth::none || broughtAlong) return;
  Observation observation;
  observation.kind = FindingKind::retention;
  Series retained;
  for (const auto& checkpoint : record.checkpoints) {
    const auto resident = static_cast<std::int64_t>(checkpoint.process.rssBytes);
    const auto shim = static_cast<std::int64_t>(checkpoint.memory.audit.regionBytes);
    retained.push_back(resident - shim - checkpoint.memory.totals.liveBytes());
  }
  const auto warmBytes = static_cast<std::int64_t>(record.checkpoints.front().process.rssBytes);
  aboveWarm(retained);
  if (retained.back() < std::max(kNoticedBytes, warmBytes / 4)) return;
  observation.pattern = mayStillRise(retained) ? Pattern::slow : Pattern::bounded;
  observation.bytes = retained.back();
  analysis.observations.push_back(observation);
}

// Only where the scenario asks for it: a drift needs a run that is long against what else the machine does.
void addSlowdown(Analysis& analysis, const RunRecord& record) {
  const bool asked = record.scenario.budgets.contains("latency_drift_percent");
  if (!asked || !analysis.drift || !analysis.drift->slower()) return;
  Finding finding;
  finding.kind = FindingKind::slowdown;
  finding.follows = Follows::request;
  finding.pattern = Pattern::slow;
  finding.percent = analysis.drift->percent;
  finding.percentLow = analysis.drift->low;
  finding.percentHigh = analysis.drift->high;
  finding.events = record.checkpoints.back().requests;
  for (const auto& checkpoint : record.checkpoints) finding.checkpoints.push_back(checkpoint.requests);
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
  analysis.sites = siteGrowths(record);
  analysis.metrics = collectMetrics(record, analysis.drift, analysis.sites);
  const Drivers drivers = driversOf(record);
  addObjects(analysis, record, drivers);
  addHeap(analysis, record, drivers);
  addResources(analysis, record, FindingKind::descriptor, drivers);
  addResources(analysis, record, FindingKind::thread, drivers);
  addMappings(analysis, record, drivers);
  foldBroughtAlong(analysis.findings, record);
  addRetention(analysis, record);
  addSlowdown(analysis, record);
  sortBySize(analysis);
  return analysis;
}

bool stillRising(const RunRecord& record) {
  if (record.checkpoints.size() < 2) return false;
  const Drivers drivers = driversOf(record);
  const auto sites = record.depth == Depth::count ? std::vector{totalGrowth(record)} : siteGrowths(record);
  if (std::any_of(sites.begin(), sites.end(),
                  [&](const SiteGrowth& site) { return siteUndecided(site, drivers); })) {
    return true;
  }
  const auto resources = resourceGrowths(record);
  return objectsUndecided(record, drivers) ||
         siteUndecided(kernelGrowth(record, FindingKind::descriptor), drivers) ||
         siteUndecided(kernelGrowth(record, FindingKind::thread), drivers) ||
         std::any_of(resources.begin(), resources.end(), [&](const ResourceGrowth& growth) {
           return isOfProcess(growth.kind) && siteUndecided(growth.site, drivers);
         });
}

}  // namespace leakgate
