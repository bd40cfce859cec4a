// Counts resources other than heap blocks (mappings, descriptors, threads) at the place that opened them.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Index of a site in the region's table of resource sites, plus one. 0: unknown, or the table is full.
using ResourceId = uint16_t;

/// Entries in use. A child of fork has as many as its parent had at the fork.
uint32_t resourceCount() noexcept;

/// Finds or appends a site: by call stack at depth stacks, whatever the stack filter lists; by caller at
/// other depths, and where there is no stack or no room for it. kind: layout::kResource...
ResourceId siteOfCall(uint32_t kind, const CallerFrame& caller) noexcept;

/// Threads: any. Nothing is counted for id 0.
void countOpened(ResourceId id, uint64_t bytes) noexcept;
void countClosed(ResourceId id, uint64_t bytes) noexcept;

}  // namespace leakgate::shim
