// What a growth proves, by all parts of the run together.
#pragma once

#include <optional>

#include "analysis/course.hpp"

namespace leakgate {

/// What was found of one growth.
struct Judgement {
  Pattern pattern = Pattern::flat;
  bool proved = false;
  std::optional<Cause> cause;
  Series blocks;  ///< at the checkpoints of the cause, first 0
  Series bytes;
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  double idleSeconds = 0;  ///< that it outlasted; or after which it had been given back
};

/// Over the work alone: what the run's blocks, and the readings within added ones, prove.
Judgement judgeWork(const Growth& growth, const GrowthTable& table);

/// By everything: growth over the work that was given back is none, what remains of it is judged by the
/// cool-downs, and growth while idle follows time.
Judgement judge(const Growth& growth, const GrowthTable& table);

/// So many units at least must rise for a proof.
inline constexpr std::int64_t kSureUnits = 8;

/// Growth that was seen to be given back, in part at least, when nothing more was asked.
bool fell(const Growth& growth);

/// What is left of growth that fell is as much as a leak beneath would leave, and not yet decided: another
/// round of requests and a cool-down would tell.
bool leavesRest(const Growth& growth, const GrowthTable& table);

/// Rose while idle, at the last reading too.
bool risesWhileIdle(const Growth& growth);

/// Goes up and down by so much that a leak could hide in it.
bool hidesInNoise(const Growth& growth);

/// Whether the readings so far make it likely that a rise hides there: more of them would tell.
bool likelyRises(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
