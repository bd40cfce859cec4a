#include "analysis/steering.hpp"

#include <algorithm>

#include "analysis/counting_noise.hpp"
#include "analysis/cpu_growth.hpp"
#include "analysis/finding_kind.hpp"
#include "analysis/followed_growth.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/managed_heap.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/uncounted_memory.hpp"
#include "analysis/work_judgement.hpp"

namespace leakgate {

namespace {

// An added block may exceed the bound by this factor, rather than end far below it.
constexpr double kBoundSlack = 1.25;

// Growth that is undecided at the bound gets one more doubling; a likely rise in noise gets two.
constexpr double kUndecidedBounds = 2;
constexpr double kLikelyBounds = 4;

// A cost that may rise gets no more than this.
constexpr unsigned kSlowExtensions = 2;

// Undecided growth that settles gets no more than this.
constexpr unsigned kSettlingExtensions = 2;
constexpr std::int64_t kSettledPart = 10;  // one of so many of the largest

std::uint64_t seenRequests(const RunRecord& record, std::uint64_t seeRequests) {
  return std::max(record.scenario.load.requests, seeRequests);
}

std::uint64_t followLimit(const RunRecord& record, std::uint64_t seeRequests) {
  const auto& given = record.scenario.load.followRequests;
  const std::uint64_t seen = seenRequests(record, seeRequests);
  return std::max(given.value_or(kFollowRequests), given && seeRequests == 0 ? 0 : 2 * seen);
}

// A list that is scanned may still reach its bound: one doubling. What is open gets a second one, since another
// block narrows the interval. No more, because such a run gets slow.
bool stillSlowing(const RunRecord& record) {
  if (record.extensions >= kSlowExtensions) return false;
  const auto cpu = cpuGrowth(record);
  return cpu && (cpu->isOpen() || (cpu->rises() && record.extensions == 0));
}

enum class Interest { none, settling, noisy, likely, undecided, proved };

bool settling(const Series& series) {
  const auto steps = intervals(series);
  const auto largest = *std::max_element(steps.begin(), steps.end());
  return steps.back() * kSettledPart < largest;
}

Interest interestIn(const Growth& growth, const GrowthTable& table, bool followsAll) {
  if (judgeWork(growth, table).proved) return Interest::proved;
  if (growth.isManaged()) return managedMayRise(growth, table) ? Interest::noisy : Interest::none;
  const SiteGrowth& site = growth.site();
  const bool rising = mayStillRise(site.blocks) || mayStillRise(site.bytes);
  if (hidesInNoise(growth)) return likelyRises(growth, table) ? Interest::likely : Interest::noisy;
  if (rising)
    return settling(mayStillRise(site.blocks) ? site.blocks : site.bytes) ? Interest::settling
                                                                          : Interest::undecided;
  return followsAll && roseALittle(growth) ? Interest::undecided : Interest::none;
}

double boundsOf(Interest interest) {
  switch (interest) {
    case Interest::proved:
    case Interest::noisy:
      return 1;
    case Interest::likely:
      return kLikelyBounds;
    case Interest::undecided:
    case Interest::settling:
      return kUndecidedBounds;
    case Interest::none:
      break;
  }
  return 0;
}

// Whether the target and the machine can take the growth of another doubling.
bool bearable(const RunRecord& record) {
  const ProcessSample& warm = record.checkpoints.front().process;
  const ProcessSample& now = record.checkpoints.back().process;
  const GrowthLimits& limits = record.limits;
  const auto after = [&](std::uint64_t ProcessSample::*count) {
    const std::uint64_t rise = now.*count > warm.*count ? now.*count - warm.*count : 0;
    return now.*count + rise;
  };
  const std::uint64_t rssRise = now.rssBytes > warm.rssBytes ? now.rssBytes - warm.rssBytes : 0;
  const std::int64_t liveRise = record.checkpoints.back().memory.totals.liveBytes() -
                                record.checkpoints.front().memory.totals.liveBytes();
  const auto live = static_cast<std::uint64_t>(std::max<std::int64_t>(liveRise, 0));
  return 2 * std::max(rssRise, live) <= limits.bytes && after(&ProcessSample::mappings) <= limits.mappings &&
         after(&ProcessSample::descriptors) <= limits.descriptors &&
         after(&ProcessSample::threads) <= limits.threads &&
         after(&ProcessSample::processes) <= limits.processes &&
         after(&ProcessSample::zombies) <= limits.processes;
}

// Whether each request leaves a process, and with it descriptors, threads, mappings and pages. More of them would
// only slow the machine down, and the first may end by then.
bool leavesProcesses(const GrowthTable& table) {
  return std::any_of(table.growths.begin(), table.growths.end(), [&](const Growth& growth) {
    const FindingKind kind = growth.course.kind;
    return (kind == FindingKind::process || kind == FindingKind::zombie) && judgeWork(growth, table).proved;
  });
}

bool comesWithProcesses(FindingKind kind) {
  return kind == FindingKind::descriptor || kind == FindingKind::thread || kind == FindingKind::mapping;
}

}  // namespace

NextBlock nextBlock(const RunRecord& record, std::uint64_t seeRequests) {
  if (record.checkpoints.size() < 2) return {};
  const GrowthTable table = growthTableOf(record);
  const auto runtimes = judgedRuntimes(record);
  const std::uint64_t measured = record.checkpoints.back().requests;
  const double next = 2 * static_cast<double>(measured);
  const bool followsAll = measured < 2 * seenRequests(record, seeRequests);
  bool proved = false;
  const double bound = kBoundSlack * static_cast<double>(followLimit(record, seeRequests));
  const bool processes = leavesProcesses(table);
  const bool residentRises = !processes && uncountedMayRise(record, table.drivers);
  bool more = measured < seeRequests || (residentRises && next <= bound) || stillSlowing(record);
  for (const Growth& growth : table.growths) {
    if (!isFollowed(growth, record)) continue;
    // A runtime's own blocks change at will: only its heap and resident memory can ask for more work.
    if (ownerOf(runtimes, growth.site().caller.module) != nullptr) continue;
    const Interest interest = interestIn(growth, table, followsAll);
    proved = proved || interest == Interest::proved;
    if (processes && comesWithProcesses(growth.course.kind)) continue;
    // The kernel limits the number of objects: more work would reach the limit, and look like a bound.
    if (isObjectKind(growth.course.kind) && (interest == Interest::proved || mayBeOthers(growth))) continue;
    if (interest == Interest::settling && record.extensions >= kSettlingExtensions) continue;
    more = more || next <= boundsOf(interest) * bound;
  }
  if (!more) return {0, proved ? LookEnd::requests : LookEnd::decided};
  if (!bearable(record)) return {0, LookEnd::safety};
  return {measured, LookEnd::decided};
}

double undecidedLimit(const RunRecord& record, std::uint64_t seeRequests) {
  return kUndecidedBounds * kBoundSlack * static_cast<double>(followLimit(record, seeRequests));
}

Steering fullSteering(std::uint64_t seeRequests) {
  return {[seeRequests](const RunRecord& record) { return nextBlock(record, seeRequests); }, wantsCoolDown,
          keepsWaiting, nextRound};
}

Steering repeatSteering(unsigned addedBlocks, bool rests) {
  Steering steering;
  if (rests) steering = fullSteering();
  steering.nextBlock = [addedBlocks](const RunRecord& record) {
    return NextBlock{record.extensions < addedBlocks ? record.checkpoints.back().requests : 0,
                     LookEnd::decided};
  };
  return steering;
}

}  // namespace leakgate
