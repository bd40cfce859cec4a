// Whether a request costs more and more CPU time, the longer the target runs.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// A rise worth a finding, and what its whole interval must exceed.
inline constexpr double kSlowdownPercent = 20;
inline constexpr double kSlowdownFloorPercent = 5;

/// CPU time per request over the blocks of a run, and the straight line through them. CPU time, not the
/// clock's: other processes make a request wait, and cost it little.
struct CpuGrowth {
  std::vector<double> nsPerRequest;  ///< of each block
  double percent = 0;                ///< the line's last block above its first
  double low = 0;                    ///< 95 % confidence interval of that
  double high = 0;
  bool inEveryBlock = false;  ///< each block costs more than the one before
  bool goesOn = false;        ///< the last step is as steep as the whole: not a cost that levels off

  /// Whether all of it says so. One run's word: a second run has to agree.
  bool rises() const {
    return inEveryBlock && goesOn && percent >= kSlowdownPercent && low > kSlowdownFloorPercent;
  }
};

/// Nothing when there are fewer than four blocks, or a block took too little CPU time to compare. Intervals
/// without requests are passed over.
std::optional<CpuGrowth> cpuGrowth(const RunRecord& record);

}  // namespace leakgate
