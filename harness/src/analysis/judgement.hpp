// Judges a growth by all parts of the run together.
#pragma once

#include <optional>

#include "analysis/course.hpp"
#include "analysis/growth_series.hpp"

namespace leakgate {

/// The result for one growth.
struct Judgement {
  Pattern pattern = Pattern::flat;
  bool proved = false;
  bool ended = false;  ///< rose to the end of the work, but then stopped: shown by a rest, or by time
  std::optional<Cause> cause;
  Series blocks;  ///< at the checkpoints of the cause, first 0
  Series bytes;
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  double idleSeconds = 0;  ///< that the growth outlasted, or after which it had been given back
};

/// Sets the amounts, and the slope per event of `work`.
void setAmounts(Judgement& judgement, Series blocks, Series bytes, const Work& work);

/// Uses all parts: growth over the work that was given back is not growth, its remainder is judged by the
/// cool-downs, and growth while idle follows time.
Judgement judge(const Growth& growth, const GrowthTable& table);

/// Whether it goes up and down by so much that a leak could hide in it.
bool hidesInNoise(const Growth& growth);

}  // namespace leakgate
