// Allocations by call stack, as all formats of stacks show them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/frame.hpp"
#include "writers/writer.hpp"

namespace leakgate {

/// Lifetime: points into the input's results.
struct AllocationSample {
  const GateResult* result = nullptr;
  std::string step;                  ///< that the growth follows; "" for all of them
  std::string scope;                 ///< allocation scope, "" outside of any
  std::string fingerprint;           ///< of the finding
  std::vector<const Frame*> frames;  ///< innermost first; empty: no place is known
  std::int64_t allocatedBlocks = 0;
  std::int64_t allocatedBytes = 0;
  std::int64_t liveBlocks = 0;  ///< at the end
  std::int64_t liveBytes = 0;
};

/// The growth of the heap findings over the measured requests, by their call stacks, the largest first; at depth sites
/// by their place. What was allocated is what stayed: of what was freed a report has no stacks. In the results' order.
std::vector<AllocationSample> allocationSamples(const std::vector<GateResult>& results);

/// The name that all formats show: the function, or "module+0x1f2c". Foreign text, see foreign_text.hpp.
std::string frameName(const Frame& frame);

}  // namespace leakgate
