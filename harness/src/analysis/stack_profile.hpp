// Allocations of each call stack over the planned requests, leaking or not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "region/call_stacks.hpp"
#include "replay/run_record.hpp"

namespace leakgate {

/// Counts of the planned blocks of requests. What was allocated in them is either freed in the same block of
/// requests, freed in a later one, or kept until the end.
struct AllocationCounts {
  std::uint64_t allocations = 0;
  std::uint64_t bytes = 0;         ///< as requested by the program
  std::uint64_t freedInBlock = 0;  ///< of `allocations`, by the checkpoint that ends their block
  std::uint64_t freedLater = 0;    ///< of `allocations`, by the last checkpoint
  std::int64_t liveBlocks = 0;     ///< at the last checkpoint, whenever they were allocated
  std::int64_t liveBytes = 0;

  /// Of `allocations`, still live at the last checkpoint.
  std::uint64_t kept() const { return allocations - freedInBlock - freedLater; }

  friend bool operator==(const AllocationCounts&, const AllocationCounts&) = default;
};

/// Adds each count.
AllocationCounts& operator+=(AllocationCounts& sum, const AllocationCounts& part);

/// One call stack within one allocation scope. Blocks that were counted only by their caller have a truncated
/// stack of one frame.
struct StackCounts {
  CallStack stack;
  std::string scope;
  AllocationCounts counts;
};

struct StackProfile {
  std::uint64_t requests = 0;  ///< of the planned blocks
  AllocationCounts total;      ///< of the whole target, including blocks at no stack
  /// In the order of the stacks' frames. A stack that neither allocated nor has live blocks is left out.
  std::vector<StackCounts> stacks;
};

/// The profile of a replay at depth stacks without a filter. `total` covers processes that have ended, whose
/// stacks are not known any more.
StackProfile stackProfile(const RunRecord& record);

}  // namespace leakgate
