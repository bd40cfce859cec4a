#include "analysis/growth_finding.hpp"

namespace leakgate {

Finding toFinding(const Growth& growth, const GrowthTable& table, const Judgement& judgement) {
  static const Driver kNone{Follows::unknown, "", {0}};
  const Driver& requests = table.drivers.empty() ? kNone : table.drivers.front();
  const Driver& driver = judgement.cause ? judgement.cause->driver : requests;
  Finding finding;
  finding.kind = growth.course.kind;
  finding.follows = judgement.cause ? driver.follows : Follows::unknown;
  finding.pattern = judgement.pattern;
  finding.step = driver.step;
  finding.scope = growth.site().scope;
  finding.caller = growth.site().caller;
  finding.events = driver.work.back();
  finding.checkpoints = driver.work;
  finding.blocks = judgement.blocks;
  finding.bytes = judgement.bytes;
  finding.blocksPerEvent = judgement.blocksPerEvent;
  finding.bytesPerEvent = judgement.bytesPerEvent;
  finding.idleSeconds = judgement.idleSeconds;
  if (finding.follows == Follows::time) {
    constexpr double kMsPerSecond = 1000;
    finding.blocksPerSecond = kMsPerSecond * judgement.blocksPerEvent;
    finding.bytesPerSecond = kMsPerSecond * judgement.bytesPerEvent;
  }
  return finding;
}

Observation toObservation(const Growth& growth, const Judgement& judgement) {
  const SiteGrowth& site = growth.site();
  Observation observation;
  observation.kind = growth.course.kind;
  observation.pattern = judgement.pattern;
  observation.scope = site.scope;
  observation.caller = site.caller;
  observation.blocks = site.blocks.back();
  observation.bytes = site.bytes.back();
  const bool settled = judgement.ended || (!mayStillRise(site.blocks) && !mayStillRise(site.bytes));
  if (judgement.pattern == Pattern::bounded && !settled) observation.pattern = Pattern::slow;
  if (judgement.pattern == Pattern::givenBack) observation.seconds = judgement.idleSeconds;
  return observation;
}

}  // namespace leakgate
