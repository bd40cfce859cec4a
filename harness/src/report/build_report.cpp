#include "report/build_report.hpp"

#include <algorithm>

#include "report/hash.hpp"
#include "report/hot_function.hpp"
#include "symbols/function_name.hpp"
#include "symbols/module_name.hpp"

namespace leakgate {

namespace {

SeriesPoint pointOf(const Checkpoint& checkpoint) {
  SeriesPoint point;
  point.checkpoint = checkpoint.name;
  point.requests = checkpoint.requests;
  point.elapsedNs = checkpoint.block.elapsedNs;
  point.settleNs = checkpoint.settleNs;
  point.settled = checkpoint.settled;
  point.steady = checkpoint.steady;
  point.idleEventsPerSecond = checkpoint.idleEventsPerSecond;
  point.consistent = checkpoint.memory.consistent;
  point.liveBytes = checkpoint.memory.totals.liveBytes();
  point.liveBlocks = checkpoint.memory.totals.liveBlocks();
  point.allocations = checkpoint.memory.totals.allocations;
  point.rssBytes = checkpoint.process.rssBytes;
  point.mappings = checkpoint.process.mappings;
  point.descriptors = checkpoint.process.descriptors;
  point.threads = checkpoint.process.threads;
  point.cpuNs = checkpoint.process.cpuNs;
  return point;
}

void addStackAudit(SelfAudit& audit, const RunRecord& record) {
  for (const auto& checkpoint : record.checkpoints) {
    audit.stacksFolded = std::max(audit.stacksFolded, checkpoint.memory.audit.stacksFolded);
    audit.stacksMissed = std::max(audit.stacksMissed, checkpoint.memory.audit.stacksMissed);
  }
}

SelfAudit auditOf(const RunRecord& record, const UnwoundRun& unwound) {
  SelfAudit audit;
  if (unwound.record != nullptr) addStackAudit(audit, *unwound.record);
  for (const auto& checkpoint : record.checkpoints) {
    const ShimAudit& shim = checkpoint.memory.audit;
    audit.layoutVersion = shim.layoutVersion;
    audit.regionBytes = shim.regionBytes;
    audit.eventsDropped = std::max(audit.eventsDropped, shim.eventsDropped);
    audit.sitesFolded = std::max(audit.sitesFolded, shim.sitesFolded);
    audit.foreignFrees = std::max(audit.foreignFrees, shim.foreignFrees);
    audit.processes = std::max<std::uint64_t>(audit.processes, shim.processes);
    audit.threadsSeen = std::max<std::uint64_t>(audit.threadsSeen, shim.threadsSeen);
  }
  return audit;
}

// The sites that grew most, then those that allocate most: what readers look for.
std::vector<SiteSummary> topSites(const Analysis& analysis, const Naming& naming) {
  std::vector<const SiteGrowth*> order;
  for (const auto& site : analysis.sites) order.push_back(&site);
  std::stable_sort(order.begin(), order.end(), [](const SiteGrowth* a, const SiteGrowth* b) {
    if (a->bytes.back() != b->bytes.back()) return a->bytes.back() > b->bytes.back();
    return a->allocations > b->allocations;
  });
  if (order.size() > kMaxSites) order.resize(kMaxSites);
  std::vector<SiteSummary> sites;
  for (const SiteGrowth* site : order) {
    sites.push_back({placeOf(namedFrames(site->caller, naming), site->scope), site->blocks.back(),
                     site->bytes.back(), site->liveBlocks, site->liveBytes, site->allocations,
                     site->allocatedBytes});
  }
  return sites;
}

bool sameDefect(const NamedFinding& a, const NamedFinding& b) {
  return a.fingerprint == b.fingerprint && sameLines(a.stack, b.stack) &&
         a.growth.follows == b.growth.follows && a.growth.step == b.growth.step &&
         a.growth.pattern == b.growth.pattern && a.growth.checkpoints == b.growth.checkpoints;
}

void merge(Finding& into, const Finding& other) {
  into.blocksPerEvent += other.blocksPerEvent;
  into.bytesPerEvent += other.bytesPerEvent;
  for (std::size_t k = 0; k < into.blocks.size() && k < other.blocks.size(); ++k)
    into.blocks[k] += other.blocks[k];
  for (std::size_t k = 0; k < into.bytes.size() && k < other.bytes.size(); ++k)
    into.bytes[k] += other.bytes[k];
}

// Findings by site, as at depth sites.
std::vector<NamedFinding> siteFindings(const Analysis& analysis, const Naming& naming) {
  std::vector<NamedFinding> findings;
  for (const auto& growth : analysis.findings) {
    NamedFinding finding;
    finding.growth = growth;
    if (!growth.caller.module.empty()) finding.callers = {growth.caller};
    finding.stack = namedFrames(growth.caller, naming);
    finding.place = placeOf(finding.stack, growth.scope);
    finding.fingerprint = growth.subject.empty()
                              ? findingFingerprint(growth.kind, finding.place)
                              : hashOf({growth.subject, std::string(toString(growth.kind))});
    const auto same = std::find_if(findings.begin(), findings.end(),
                                   [&](const NamedFinding& other) { return sameDefect(other, finding); });
    if (same != findings.end()) {
      merge(same->growth, growth);
      same->callers.push_back(growth.caller);
    } else if (findings.size() < kMaxFindings) {
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

// A slowdown has no site: its place is where the target spends the additional time.
void nameSlowdowns(std::vector<NamedFinding>& findings, const BuildOptions& options) {
  if (options.sampled == nullptr) return;
  for (NamedFinding& finding : findings) {
    if (!finding.growth.slowsByCpu()) continue;
    finding.confirmed = Confirmed::yes;
    auto hot = hottestRise(*options.sampled, options.naming);
    if (!hot) continue;
    finding.growth.share = hot->share;
    finding.stack = std::move(hot->stack);
    finding.place = placeOf(finding.stack, "");
    finding.fingerprint = findingFingerprint(finding.growth.kind, finding.place);
  }
}

std::vector<NamedFinding> nameFindings(const Analysis& analysis, const BuildOptions& options) {
  std::vector<NamedFinding> findings = siteFindings(analysis, options.naming);
  nameSlowdowns(findings, options);
  addStacks(findings, options.unwound, options.naming);
  return findings;
}

std::vector<NamedObservation> nameObservations(const Analysis& analysis, const Naming& naming) {
  std::vector<NamedObservation> observations;
  for (const auto& growth : analysis.observations) {
    if (observations.size() == kMaxObservations) break;
    observations.push_back({growth, placeOf(namedFrames(growth.caller, naming), growth.scope)});
  }
  return observations;
}

}  // namespace

std::string findingFingerprint(FindingKind kind, const Place& place) {
  return hashOf({std::string(withoutVersion(place.module)), stableName(place.function), place.scope,
                 std::string(toString(kind))});
}

namespace {

std::vector<StepTimes> stepTimes(const RunRecord& record) {
  std::vector<StepTimes> all;
  for (const StepLatency& latency : record.stepLatency) {
    StepTimes times{record.scenario.steps[latency.step].name, latency.all.requests, latency.all.p50Ns,
                    latency.all.p99Ns};
    if (const auto drift = latencyDrift(latency.windows, record.scenario)) {
      times.hasDrift = true;
      times.driftPercent = drift->percent;
      times.driftLow = drift->low;
      times.driftHigh = drift->high;
    }
    all.push_back(std::move(times));
  }
  return all;
}

}  // namespace

Report buildReport(const RunRecord& record, const Analysis& analysis, Environment environment,
                   const BuildOptions& options) {
  Report report;
  report.environment = std::move(environment);
  report.scenario = record.scenario;
  report.reproduce = options.reproduce;
  report.startedAt = record.startedAt;
  report.depth = record.depth;
  report.command = record.command;
  report.end = record.end;
  report.endReason = record.endReason;
  report.extensions = record.extensions;
  report.look.requests = record.checkpoints.empty() ? 0 : record.checkpoints.back().requests;
  report.look.end = record.lookEnd;
  if (!record.idle.empty()) {
    report.look.idleSeconds =
        static_cast<double>(record.idle.back().atNs - record.checkpoints.back().atNs) / 1e9;
  }
  report.exitStatus = record.exitStatus;
  report.drained = record.drained;
  report.metrics = analysis.metrics;
  for (const auto& checkpoint : record.checkpoints) report.series.push_back(pointOf(checkpoint));
  report.sites = topSites(analysis, options.naming);
  report.findings = nameFindings(analysis, options);
  report.observations = nameObservations(analysis, options.naming);
  report.audit = auditOf(record, options.unwound);
  report.windows = record.windows;
  report.drift = analysis.drift;
  report.steps = stepTimes(record);
  report.unexpected = record.unexpected;
  return report;
}

}  // namespace leakgate
