#include "analysis/rest_steering.hpp"

#include <algorithm>

#include "analysis/after_rest.hpp"
#include "analysis/counting_noise.hpp"
#include "analysis/followed_growth.hpp"
#include "analysis/idle_judgement.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/rest_judgement.hpp"
#include "analysis/work_judgement.hpp"

namespace leakgate {

namespace {

// No plausible limit of a timer's collection is larger.
constexpr std::int64_t kEnoughByTime = 20'000;
constexpr double kSlowingShare = 0.8;

// After this time without a fall the waiting ends; longer in proportion when falls come slowly.
constexpr double kFallPauseSeconds = 3;
constexpr double kFallPauseShare = 1.5;
constexpr double kFallingBounds = 2;
constexpr double kRisePauseSeconds = 5;
constexpr double kRisePauseGaps = 3;

// What fell now and then under load is watched for longer than between two such falls.
constexpr double kFallGaps = 1.5;
constexpr double kMaxFallGapSeconds = 15;

// How long a managed heap that is not decided is watched for a fall: one is seen late, since it must exceed
// what a collection leaves.
constexpr double kManagedLookSeconds = 10;

// A round that is to decide about a remainder has the requests so far divided by this.
constexpr std::uint64_t kRoundShare = 2;
constexpr std::size_t kMaxRests = 3;
// One of several rounds that are to decide about a remainder in noise.
constexpr std::uint64_t kNoisyRoundShare = 8;

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
bool mayStillBeDecided(const Growth& growth, const GrowthTable& table) {
  if (growth.isManaged()) return managedMayRise(growth, table);
  return mayStillRise(growth.site().blocks) || mayStillRise(growth.site().bytes) || mayRemain(growth);
}

// Whether it falls without requests: expiring entries, perhaps with a leak beneath.
bool undecidedFell(const Growth& growth, const GrowthTable& table) {
  return fell(growth) && mayStillBeDecided(growth, table);
}

// The mean time between two falls within the added blocks; 0 without any.
double secondsBetweenFalls(const Growth& growth, const GrowthTable& table) {
  const Series& samples = growth.judged(growth.samples);
  if (samples.size() < 2 || table.drivers.empty()) return 0;
  const auto [low, high] = std::minmax_element(samples.begin(), samples.end());
  const double least = kFallShare * static_cast<double>(*high - *low);
  std::size_t falls = 0;
  for (std::size_t k = 1; k < samples.size(); ++k)
    falls += static_cast<double>(samples[k - 1] - samples[k]) > least ? 1 : 0;
  if (falls == 0) return 0;
  const double sampled = table.sampleWork.back() - table.sampleWork.front();
  const double all = static_cast<double>(table.drivers.front().work.back());
  return std::min(table.workSeconds * sampled / all / static_cast<double>(falls), kMaxFallGapSeconds);
}

// Whether it may fall without requests, as it did with them.
bool mayFallAgain(const Growth& growth, const GrowthTable& table, double now) {
  return !growth.isManaged() && hidesInNoise(growth) && now < kFallGaps * secondsBetweenFalls(growth, table);
}

bool isUndecidedHeap(const Growth& growth, const GrowthTable& table) {
  return growth.isManaged() && managedMayRise(growth, table);
}

// The round that would decide this one growth.
NextRound roundFor(const Growth& growth, const GrowthTable& table, const RunRecord& record) {
  const Judgement work = judgeWork(growth, table);
  const std::uint64_t measured = record.checkpoints.back().requests;
  if (!work.proved && keepsNoisyRest(growth)) {
    if (!noisyRestIsUndecided(growth, table)) return {};
    return {std::max<std::uint64_t>(measured / kNoisyRoundShare, 1), true};
  }
  if (record.rests.size() >= kMaxRests) return {};
  const bool rest = !work.proved && isUndecidedHeap(growth, table)
                        ? remainsUndecided(growth, table)
                        : leavesRest(growth, table) && (undecidedFell(growth, table) || work.proved);
  if (rest) return {std::max<std::uint64_t>(measured / kRoundShare, 1), true};
  const std::uint64_t requests = decidingRound(growth, table, work);
  return {requests, requests > 0 && maySpanGivenBack(growth, table, work)};
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

bool wantsCoolDown(const RunRecord& record) {
  if (record.checkpoints.size() < 2 || record.scenario.load.coolDownMs == 0U) return false;
  const GrowthTable table = growthTableOf(record);
  const auto watched = watchedGrowths(table, record);
  return std::any_of(watched.begin(), watched.end(), [&](const Growth* growth) {
    return judgeWork(*growth, table).proved || mayStillBeDecided(*growth, table) || roseALittle(*growth);
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
    const bool mayFall = undecidedFell(*growth, table) || mayFallAgain(*growth, table, now) ||
                         (now < kManagedLookSeconds && isUndecidedHeap(*growth, table));
    return (work.proved || mayFall) && waitsForFall(*growth, table, now, bound);
  });
}

NextRound nextRound(const RunRecord& record) {
  if (record.rests.empty()) return {};
  const GrowthTable table = growthTableOf(record);
  NextRound round;
  for (const Growth* growth : watchedGrowths(table, record)) {
    const NextRound wanted = roundFor(*growth, table, record);
    round.requests = std::max(round.requests, wanted.requests);
    round.rests = round.rests || wanted.rests;
  }
  return round;
}

}  // namespace leakgate
