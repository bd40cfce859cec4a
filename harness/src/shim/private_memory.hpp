// The shim's own memory in the target: mapped directly, and listed,
// so that the reader can measure its cost.
#pragma once

#include <stddef.h>

#include "region/layout.hpp"

namespace leakgate::shim {

enum class AtFork {
  copy,  ///< the child sees the parent's content, as with any memory
  wipe,  ///< the child sees zeros, however it was forked
};

/// Maps zeroed memory; only touched pages become resident. nullptr when the address space is used up.
/// Threads: one at a time; after the start under ForkLocal::tablesLock.
void* mapPrivate(size_t bytes, AtFork atFork) noexcept;

/// Writes all mappings so far into a new region's header.
void listMappings(layout::RegionHeader& header) noexcept;

}  // namespace leakgate::shim
