#include "analysis/analyse.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "analysis/cause.hpp"
#include "analysis/metrics.hpp"
#include "analysis/resource_growth.hpp"

namespace leakgate {

namespace {

using Drivers = std::vector<Driver>;

// What one series says: proved growth with its pattern and cause, or the shape of what is no finding.
struct Judgement {
  Pattern pattern = Pattern::flat;
  bool proved = false;
  std::optional<Cause> cause;
};

Judgement judge(const Series& series, const Drivers& drivers, std::int64_t unit = 1) {
  if (series.back() > 0 && risesThroughout(series, unit)) {
    if (auto cause = causeOf(series, drivers, unit)) return {Pattern::linear, true, std::move(cause)};
  }
  const Pattern shape = shapeOf(series);
  return {shape, shape == Pattern::slow || shape == Pattern::stepped, std::nullopt};
}

// Bytes rise nowhere but with blocks: what blocks do not prove, their bytes do not prove either.
bool explainedByBlocks(const SiteGrowth& site) {
  for (std::size_t k = 1; k < site.bytes.size(); ++k) {
    if (site.bytes[k] > site.bytes[k - 1] && site.blocks[k] <= site.blocks[k - 1]) return false;
  }
  return true;
}

// Blocks tell more than bytes: a leak of texts of growing length is one block a request. Bytes are asked when
// no block is added, as where realloc enlarges one.
Judgement judge(const SiteGrowth& site, const Drivers& drivers) {
  Judgement blocks = judge(site.blocks, drivers);
  if (blocks.proved) return blocks;
  Judgement bytes = judge(site.bytes, drivers);
  const std::int64_t unit = byteUnitOf(site.bytes, site.allocations);
  if (!bytes.proved && unit > 1) {
    if (Judgement chunks = judge(site.bytes, drivers, unit); chunks.proved) return chunks;
  }
  if (bytes.proved && (bytes.cause || !explainedByBlocks(site))) return bytes;
  return blocks.pattern == Pattern::flat ? bytes : blocks;
}

const Driver& requestsOf(const Drivers& drivers) {
  static const Driver kNone{Follows::unknown, "", {0}};
  return drivers.empty() ? kNone : drivers.front();
}

Finding toFinding(FindingKind kind, const SiteGrowth& site, const Judgement& judgement,
                  const Drivers& drivers) {
  const Driver& driver = judgement.cause ? judgement.cause->driver : requestsOf(drivers);
  Finding finding;
  finding.kind = kind;
  finding.follows = judgement.cause ? driver.follows : Follows::unknown;
  finding.pattern = judgement.pattern;
  finding.step = driver.step;
  finding.scope = site.scope;
  finding.caller = site.caller;
  finding.events = driver.work.back();
  finding.checkpoints = driver.work;
  finding.blocks = site.blocks;
  finding.bytes = site.bytes;
  if (finding.events > 0) {
    const auto events = static_cast<double>(finding.events);
    finding.blocksPerEvent = static_cast<double>(site.blocks.back()) / events;
    finding.bytesPerEvent = static_cast<double>(site.bytes.back()) / events;
  }
  return finding;
}

void addGrowth(Analysis& analysis, FindingKind kind, const SiteGrowth& site, const Drivers& drivers) {
  const Judgement judgement = judge(site, drivers);
  if (judgement.proved) {
    analysis.findings.push_back(toFinding(kind, site, judgement, drivers));
  } else if (judgement.pattern != Pattern::flat) {
    const bool settled = !mayStillRise(site.blocks) && !mayStillRise(site.bytes);
    const Pattern shown =
        judgement.pattern == Pattern::bounded && !settled ? Pattern::slow : judgement.pattern;
    analysis.observations.push_back(
        {kind, shown, site.scope, site.caller, site.blocks.back(), site.bytes.back()});
  }
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

// The places that the shim saw first; then what the kernel counts beyond them, which nobody can name.
void addResources(Analysis& analysis, const RunRecord& record, FindingKind kind, const Drivers& allDrivers) {
  const Drivers drivers = driversFor(kind, allDrivers);
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
  const bool broughtAlong =
      hasFinding(analysis, FindingKind::heap) || hasFinding(analysis, FindingKind::thread);
  SiteGrowth rest = kernelGrowth(record, FindingKind::mapping);
  const auto addProportional = [&](const SiteGrowth& site) {
    const Judgement judgement = judge(site, drivers);
    if (judgement.proved && judgement.cause)
      analysis.findings.push_back(toFinding(FindingKind::mapping, site, judgement, drivers));
  };
  for (const auto& growth : resourceGrowths(record)) {
    if (growth.kind != FindingKind::mapping) continue;
    rest = without(std::move(rest), growth.site);
    if (kernelConfirms(record, growth.site)) addProportional(growth.site);
  }
  if (!broughtAlong) addProportional(rest);
}

// Resident memory beyond live blocks and the shim's own. It moves by pages and as the kernel likes, so only a
// rise that somebody would notice is worth a word.
void addRetention(Analysis& analysis, const RunRecord& record) {
  constexpr std::int64_t kNoticedBytes = 4 << 20;
  if (record.depth == Depth::none) return;
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

bool undecided(const SiteGrowth& site, const Drivers& drivers) {
  if (!mayStillRise(site.blocks) && !mayStillRise(site.bytes)) return false;
  return !judge(site, drivers).proved;
}

}  // namespace

Analysis analyse(const RunRecord& record) {
  Analysis analysis;
  if (record.checkpoints.size() < 2) return analysis;
  analysis.drift = latencyDrift(record);
  analysis.sites = siteGrowths(record);
  analysis.metrics = collectMetrics(record, analysis.drift, analysis.sites);
  const Drivers drivers = driversOf(record);
  addHeap(analysis, record, drivers);
  addResources(analysis, record, FindingKind::descriptor, drivers);
  addResources(analysis, record, FindingKind::thread, drivers);
  addMappings(analysis, record, drivers);
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
                  [&](const SiteGrowth& site) { return undecided(site, drivers); })) {
    return true;
  }
  const auto resources = resourceGrowths(record);
  return undecided(kernelGrowth(record, FindingKind::descriptor), drivers) ||
         undecided(kernelGrowth(record, FindingKind::thread), drivers) ||
         std::any_of(resources.begin(), resources.end(),
                     [&](const ResourceGrowth& growth) { return undecided(growth.site, drivers); });
}

}  // namespace leakgate
