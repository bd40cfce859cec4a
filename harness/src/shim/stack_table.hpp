// Gives each call stack its number.
//
//   bucket_table.hpp: hash(frames) -> number + 1      in the region: Stack by number, frames, append only
//
// A stack that does not fit into the table is counted by its caller, and the audit says so.
#pragma once

#include <stdint.h>

#include "region/layout.hpp"

namespace leakgate::shim {

/// Once per program.
void prepareStacks(uint32_t capacity) noexcept;

/// How many stacks and frames there are. A child of fork has as many as its parent had at the fork.
uint32_t stackCount() noexcept;
uint64_t frameCount() noexcept;

/// Finds or appends a stack and returns layout::kStackBit with its number; 0 when there is no room. frames:
/// return addresses, innermost first, 1 to kFramesPerStack.
uint64_t internStack(const uint64_t* frames, uint32_t count, bool truncated) noexcept;

}  // namespace leakgate::shim
