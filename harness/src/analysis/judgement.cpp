#include "analysis/judgement.hpp"

#include <algorithm>
#include <utility>

#include "analysis/after_rest.hpp"
#include "analysis/counting_noise.hpp"
#include "analysis/idle_judgement.hpp"
#include "analysis/managed_course.hpp"
#include "analysis/rest_judgement.hpp"
#include "analysis/work_judgement.hpp"

namespace leakgate {

namespace {

// A smaller swing hides no leak that a gate would look for.
constexpr std::int64_t kNoiseBlocks = 16;
constexpr std::int64_t kNoiseBytes = 64 << 10;

Judgement endedOf(Judgement judgement) {
  judgement.pattern = Pattern::bounded;
  judgement.proved = false;
  judgement.ended = true;
  return judgement;
}

bool isUndecided(const Growth& growth, const GrowthTable& table) {
  return growth.isManaged() ? managedMayRise(growth, table) : mayRemain(growth);
}

// By what the cool-down and the rounds after it left of the growth over the work.
Judgement judgeAfterwards(const Growth& growth, const GrowthTable& table, Judgement work) {
  const bool undecidedHeap = growth.isManaged() && !work.proved && !growth.rests.blocks.empty();
  if ((fell(growth) || undecidedHeap) && (work.proved || isUndecided(growth, table)))
    return judgeRest(growth, table);
  if (!work.proved) return keepsNoisyRest(growth) ? judgeNoisyRest(growth, table, std::move(work)) : work;
  if (stoppedAfterRest(growth, table, work)) return endedOf(std::move(work));
  if (!table.idleSeconds.empty()) work.idleSeconds = table.idleSeconds.back();
  return work;
}

}  // namespace

void setAmounts(Judgement& judgement, Series blocks, Series bytes, const Work& work) {
  judgement.blocks = std::move(blocks);
  judgement.bytes = std::move(bytes);
  judgement.blocksPerEvent = perEvent(judgement.blocks, work);
  judgement.bytesPerEvent = perEvent(judgement.bytes, work);
}

Judgement judge(const Growth& growth, const GrowthTable& table) {
  Judgement work = judgeWork(growth, table);
  if (growth.isManaged()) return judgeAfterwards(growth, table, std::move(work));
  if (auto time = judgeTime(growth, table, work)) return *time;
  if (work.proved && stoppedByTime(growth, table)) work = endedOf(std::move(work));
  return judgeAfterwards(growth, table, std::move(work));
}

bool hidesInNoise(const Growth& growth) {
  if (growth.isManaged()) return managedHeapFalls(growth);
  const auto swing = [](const Series& series) {
    const auto [low, high] = std::minmax_element(series.begin(), series.end());
    return *high - *low;
  };
  // Between blocks no request is in flight, so any fall there is real. Within a block requests come and go.
  const auto hides = [&](const Series& work, const Series& samples, std::int64_t noise) {
    if (!std::is_sorted(work.begin(), work.end()) && swing(work) >= noise) return true;
    return !neverFalls(samples) && swing(samples) >= noise;
  };
  return hides(growth.site().blocks, growth.samples.blocks, kNoiseBlocks) ||
         hides(growth.site().bytes, growth.samples.bytes, kNoiseBytes);
}

}  // namespace leakgate
