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
  std::string step;         ///< that was replayed alone, or that the growth follows; "" for all of them mixed
  std::string scope;        ///< allocation scope, "" outside of any
  std::string fingerprint;  ///< of the finding whose stack this is; "" for stacks without one
  std::vector<const Frame*> frames;  ///< innermost first; empty: what is counted at no stack
  std::int64_t allocatedBlocks = 0;
  std::int64_t allocatedBytes = 0;
  std::int64_t liveBlocks = 0;  ///< at the end
  std::int64_t liveBytes = 0;
};

/// Of each result with a profile: the steps that were replayed alone, else the mix; what is at no stack is a sample
/// without frames, so that the sums are the target's. Without a profile, the growth of the stacks of its heap findings,
/// at depth sites of their places: then what was allocated is what stayed. In the order of the results.
std::vector<AllocationSample> allocationSamples(const std::vector<GateResult>& results);

/// The name that all formats show: the function, or "module+0x1f2c". Foreign text, see foreign_text.hpp.
std::string frameName(const Frame& frame);

}  // namespace leakgate
