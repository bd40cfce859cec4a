#include "analysis/site_judgement.hpp"

#include <utility>

namespace leakgate {

namespace {

SiteJudgement judgeSeries(const Series& series, const Drivers& drivers, std::int64_t unit = 1) {
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

const Driver& requestsOf(const Drivers& drivers) {
  static const Driver kNone{Follows::unknown, "", {0}};
  return drivers.empty() ? kNone : drivers.front();
}

}  // namespace

// Blocks tell more than bytes: a leak of texts of growing length is one block a request.
SiteJudgement judgeSite(const SiteGrowth& site, const Drivers& drivers) {
  SiteJudgement blocks = judgeSeries(site.blocks, drivers);
  if (blocks.proved) return blocks;
  SiteJudgement bytes = judgeSeries(site.bytes, drivers);
  const std::int64_t unit = byteUnitOf(site.bytes, site.allocations);
  if (!bytes.proved && unit > 1) {
    if (SiteJudgement chunks = judgeSeries(site.bytes, drivers, unit); chunks.proved) return chunks;
  }
  if (bytes.proved && (bytes.cause || !explainedByBlocks(site))) return bytes;
  return blocks.pattern == Pattern::flat ? bytes : blocks;
}

Finding findingOf(FindingKind kind, const SiteGrowth& site, const SiteJudgement& judgement,
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

Observation observationOf(FindingKind kind, const SiteGrowth& site, const SiteJudgement& judgement) {
  const bool settled = !mayStillRise(site.blocks) && !mayStillRise(site.bytes);
  Observation observation;
  observation.kind = kind;
  observation.pattern = judgement.pattern == Pattern::bounded && !settled ? Pattern::slow : judgement.pattern;
  observation.scope = site.scope;
  observation.caller = site.caller;
  observation.blocks = site.blocks.back();
  observation.bytes = site.bytes.back();
  return observation;
}

bool siteUndecided(const SiteGrowth& site, const Drivers& drivers) {
  if (!mayStillRise(site.blocks) && !mayStillRise(site.bytes)) return false;
  return !judgeSite(site, drivers).proved;
}

}  // namespace leakgate
