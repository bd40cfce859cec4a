// Detects requests that cost more and more CPU time, the longer the target runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// The smallest rise for a finding, and the bound that its whole interval must exceed.
inline constexpr double kSlowdownPercent = 20;
inline constexpr double kSlowdownFloorPercent = 5;

/// An interval that is wider than this says little.
inline constexpr double kWidePercent = 100;

/// CPU time per request over the blocks of a run, and the straight line through them. CPU time, not elapsed
/// time: other processes make a request wait, but hardly cost it CPU time. What they do cost, by the caches
/// that they empty, comes in bursts and only adds: so a block costs what the cheaper quarter of its slices
/// does, if it has enough of them.
struct CpuGrowth {
  std::vector<double> nsPerRequest;  ///< of each block
  double percent = 0;                ///< rise of the line from the first block to the last
  double low = 0;                    ///< 95 % confidence interval of that
  double high = 0;
  bool inLateBlocks = false;  ///< each of the last kLateBlocks costs more than the one before
  bool goesOn = false;        ///< the last rise is as steep as the whole: the cost does not level off

  static constexpr std::size_t kLateBlocks = 4;  ///< the first ones may be those of a target that warms up

  /// Whether all criteria hold. This is one run only: a second run must agree.
  bool rises() const {
    return inLateBlocks && goesOn && percent >= kSlowdownPercent && low > kSlowdownFloorPercent;
  }

  /// Whether more work could show that it rises: the line does, and it goes on or the machine was too busy to say.
  bool isOpen() const {
    return !rises() && percent >= kSlowdownPercent && (goesOn || high - low > kWidePercent);
  }
};

/// Nothing when there are fewer than four blocks, or a block took too little CPU time to compare. Intervals
/// without requests are skipped.
std::optional<CpuGrowth> cpuGrowth(const RunRecord& record);

}  // namespace leakgate
