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

/// Sets what rose, and its slope per event of `work`.
void setAmounts(Judgement& judgement, Series blocks, Series bytes, const Work& work);

/// By everything: growth over the work that was given back is none, what remains of it is judged by the
/// cool-downs, and growth while idle follows time.
Judgement judge(const Growth& growth, const GrowthTable& table);

/// So many units at least must rise for a proof.
inline constexpr std::int64_t kSureUnits = 8;

/// Goes up and down by so much that a leak could hide in it.
bool hidesInNoise(const Growth& growth);

}  // namespace leakgate
