#include "analysis/steering.hpp"

#include <algorithm>
#include <cmath>

#include "analysis/after_rest.hpp"
#include "analysis/counting_noise.hpp"
#include "analysis/cpu_growth.hpp"
#include "analysis/finding_kind.hpp"
#include "analysis/idle_judgement.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/managed_heap.hpp"
#include "analysis/object_findings.hpp"
#include "analysis/rest_judgement.hpp"
#include "analysis/uncounted_memory.hpp"
#include "analysis/work_judgement.hpp"

namespace leakgate {

namespace {

// An added block may exceed the bound by this factor, rather than end far below it.
constexpr double kBoundSlack = 1.25;

// Growth that is undecided at the bound gets one more doubling; a likely rise in noise gets two.
constexpr double kUndecidedBounds = 2;
constexpr double kLikelyBounds = 4;

// Undecided growth that settles gets no more than this.
constexpr unsigned kSettlingExtensions = 2;
constexpr std::int64_t kSettledShare = 10;

// No plausible limit of a timer's collection is larger.
constexpr std::int64_t kEnoughByTime = 20'000;
constexpr double kSlowingShare = 0.8;

// After this time without a fall the waiting ends; longer in proportion when falls come slowly.
constexpr double kFallPauseSeconds = 3;
constexpr double kFallPauseShare = 1.5;
constexpr double kFallingBounds = 2;
constexpr double kRisePauseSeconds = 5;
constexpr double kRisePauseGaps = 3;

// How long a managed heap that is not decided is watched for a fall: one is seen late, since it must exceed
// what a collection leaves.
constexpr double kManagedLookSeconds = 10;

// A round that is to decide about a remainder has the requests so far divided by this.
constexpr std::uint64_t kRoundShare = 2;
constexpr std::size_t kMaxRests = 3;

bool judged(const Growth& growth, const RunRecord& record) {
  if (growthIsBudgeted(record.scenario, growth.course.kind)) return false;
  const bool mapping = growth.course.kind == FindingKind::mapping;
  if (mapping && growth.course.beyond) return false;  // allocators map at will
  if (isObjectKind(growth.course.kind)) return isWorthFollowing(growth);
  return !growth.course.total || record.depth == Depth::count;
}

// The growths that are worth a cool-down. A runtime's own memory changes at will, and is worth one only when
// it would be reported: in proportion to the work, and large.
std::vector<const Growth*> watchedGrowths(const GrowthTable& table, const RunRecord& record) {
  const auto runtimes = judgedRuntimes(record);
  const auto isRuntimes = [&](const Growth& growth) {
    if (ownerOf(runtimes, growth.site().caller.module) == nullptr) return false;
    const Judgement work = judgeWork(growth, table);
    return !work.proved || !work.cause || growth.site().bytes.back() < kRuntimeBytes;
  };
  std::vector<const Growth*> watched;
  for (const Growth& growth : table.growths) {
    if (judged(growth, record) && !isRuntimes(growth)) watched.push_back(&growth);
  }
  return watched;
}

std::uint64_t seenRequests(const RunRecord& record, std::uint64_t seeRequests) {
  return std::max(record.scenario.load.requests, seeRequests);
}

std::uint64_t followLimit(const RunRecord& record, std::uint64_t seeRequests) {
  const auto& given = record.scenario.load.followRequests;
  const std::uint64_t seen = seenRequests(record, seeRequests);
  return std::max(given.value_or(kFollowRequests), given && seeRequests == 0 ? 0 : 2 * seen);
}

// A list that is scanned may still reach its bound, and another block narrows the interval: one doubling,
// because such a run gets slow.
bool stillSlowing(const RunRecord& record) {
  if (record.extensions > 0) return false;
  const auto cpu = cpuGrowth(record);
  return cpu && cpu->inEveryBlock && cpu->goesOn && cpu->percent >= kSlowdownPercent;
}

enum class Interest { none, settling, noisy, likely, undecided, proved };

bool settling(const Series& series) {
  const auto steps = intervals(series);
  const auto largest = *std::max_element(steps.begin(), steps.end());
  return steps.back() * kSettledShare < largest;
}

// Whether a few units stayed: the start of a rare leak, or first-time allocations.
bool roseALittle(const Growth& growth) {
  if (growth.isManaged()) return false;
  const SiteGrowth& site = growth.site();
  const bool blocks = site.blocks.back() > 0 && site.blocks.back() < kSureUnits;
  const bool bytes = site.blocks.back() == 0 && site.bytes.back() > 0;
  return blocks || bytes;
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

double secondsIdle(const RunRecord& record) {
  if (record.idle.empty()) return 0;
  return static_cast<double>(record.idle.back().atNs - record.checkpoints.back().atNs) / 1e9;
}

// The times of the first and the last change in one direction, and their number.
struct Changes {
  double first = 0;
  double last = 0;
  unsigned count = 0;
};

Changes changesOf(const Series& series, const std::vector<double>& seconds, int direction) {
  Changes changes;
  for (std::size_t k = 1; k < series.size(); ++k) {
    if ((series[k] - series[k - 1]) * direction <= 0) continue;
    changes.last = seconds[k];
    if (changes.count++ == 0) changes.first = seconds[k];
  }
  return changes;
}

// Whether it has started to fall; then it may continue beyond the bound.
bool waitsForFall(const Growth& growth, const GrowthTable& table, double now, double bound) {
  const Series& idle = growth.judged(growth.idle);
  const Changes falls = changesOf(idle, table.idleSeconds, -1);
  if (falls.count == 0) return now < bound;
  const double pause =
      now < bound ? std::max(kFallPauseSeconds, kFallPauseShare * falls.first) : kFallPauseSeconds;
  return now - falls.last < pause;
}

// Whether the work did not decide it, and a rest may.
bool isUndecided(const Growth& growth, const GrowthTable& table) {
  if (growth.isManaged()) return managedMayRise(growth, table);
  return mayStillRise(growth.site().blocks) || mayStillRise(growth.site().bytes) || mayRemain(growth);
}

// Whether it falls without requests: expiring entries, perhaps with a leak beneath.
bool undecidedFell(const Growth& growth, const GrowthTable& table) {
  return fell(growth) && isUndecided(growth, table);
}

bool isUndecidedHeap(const Growth& growth, const GrowthTable& table) {
  return growth.isManaged() && managedMayRise(growth, table);
}

// Whether the second half of the readings' time brought much less than the first: it may end.
bool slowsDown(const Series& series, const std::vector<double>& seconds) {
  const std::size_t half = std::min(readingAt(seconds, seconds.back() / 2), series.size() - 1);
  const auto rate = [&](std::size_t from, std::size_t to) {
    return static_cast<double>(series[to] - series[from]) / std::max(seconds[to] - seconds[from], 1e-3);
  };
  return rate(half, series.size() - 1) < kSlowingShare * rate(0, half);
}

bool waitsForTime(const Growth& growth, const GrowthTable& table, double now) {
  const Series& idle =
      growth.idle.blocks.back() > growth.idle.blocks.front() ? growth.idle.blocks : growth.idle.bytes;
  const bool enough = growth.idle.blocks.back() - growth.idle.blocks.front() >= kEnoughByTime;
  if (enough && !slowsDown(idle, table.idleSeconds)) return false;
  const Changes rises = changesOf(idle, table.idleSeconds, 1);
  const double gap = rises.last / std::max(1U, rises.count);
  return now - rises.last < std::max(kRisePauseSeconds, kRisePauseGaps * gap);
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
    if (!judged(growth, record)) continue;
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

bool wantsCoolDown(const RunRecord& record) {
  if (record.checkpoints.size() < 2 || record.scenario.load.coolDownMs == 0U) return false;
  const GrowthTable table = growthTableOf(record);
  const auto watched = watchedGrowths(table, record);
  return std::any_of(watched.begin(), watched.end(), [&](const Growth* growth) {
    return judgeWork(*growth, table).proved || isUndecided(*growth, table) || roseALittle(*growth);
  });
}

bool keepsWaiting(const RunRecord& record) {
  const double now = secondsIdle(record);
  const auto& given = record.scenario.load.coolDownMs;
  const double bound = given ? static_cast<double>(*given) / 1e3 : kCoolDownSeconds;
  if (now < std::min(kShortLookSeconds, bound)) return true;
  if (now >= (given ? bound : kFallingBounds * bound)) return false;
  const GrowthTable table = growthTableOf(record);
  const auto watched = watchedGrowths(table, record);
  return std::any_of(watched.begin(), watched.end(), [&](const Growth* growth) {
    if (!growth->isManaged() && risesWhileIdle(*growth))
      return now < bound && waitsForTime(*growth, table, now);
    const Judgement work = judgeWork(*growth, table);
    if (maySpanGivenBack(*growth, table, work)) return false;  // a round will decide
    const bool mayFall =
        undecidedFell(*growth, table) || (now < kManagedLookSeconds && isUndecidedHeap(*growth, table));
    return (work.proved || mayFall) && waitsForFall(*growth, table, now, bound);
  });
}

NextRound nextRound(const RunRecord& record) {
  if (record.rests.empty() || record.rests.size() >= kMaxRests) return {};
  const GrowthTable table = growthTableOf(record);
  NextRound round;
  for (const Growth* growth : watchedGrowths(table, record)) {
    const Judgement work = judgeWork(*growth, table);
    const bool rest = !work.proved && isUndecidedHeap(*growth, table)
                          ? remainsUndecided(*growth, table)
                          : leavesRest(*growth, table) && (undecidedFell(*growth, table) || work.proved);
    const std::uint64_t requests =
        rest ? std::max<std::uint64_t>(record.checkpoints.back().requests / kRoundShare, 1)
             : decidingRound(*growth, table, work);
    round.requests = std::max(round.requests, requests);
    round.rests = round.rests || rest || (requests > 0 && maySpanGivenBack(*growth, table, work));
  }
  return round;
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
