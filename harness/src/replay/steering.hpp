// How a replay decides what to do next. The decisions are functions of the record so far; replay/ follows
// them within the available time.
#pragma once

#include <cstdint>
#include <functional>

#include "replay/run_record.hpp"

namespace leakgate {

/// Another block of requests, or none and the reason.
struct NextBlock {
  std::uint64_t requests = 0;
  LookEnd end = LookEnd::decided;
};

/// Another round of requests after the cool-down; none without requests.
struct NextRound {
  std::uint64_t requests = 0;
  bool rests = false;  ///< it ends with a pause as long as the cool-down
};

/// Each may be empty: then that part is left out.
struct Steering {
  /// Called after the planned blocks and after each added block.
  std::function<NextBlock(const RunRecord&)> nextBlock;
  /// Whether the target is left idle after the last block.
  std::function<bool(const RunRecord&)> wantsCoolDown;
  /// Called after each reading in the cool-down.
  std::function<bool(const RunRecord&)> keepsWaiting;
  /// Called after the cool-down and after each added round.
  std::function<NextRound(const RunRecord&)> nextRound;
};

}  // namespace leakgate
