// The shim's own memory in the target: straight from the kernel, and listed,
// so that the reader can tell its cost.
#pragma once

#include <stddef.h>

#include "region/layout.hpp"

namespace leakgate::shim {

enum class AtFork {
  copy,  ///< the child sees what the parent had, as with any memory
  wipe,  ///< the child sees zeros, whichever way it was forked
};

/// Maps zeroed memory, of which only touched pages become resident. nullptr when the address space is used
/// up. Threads: one at a time; after the start under ForkLocal::tablesLock.
void* mapPrivate(size_t bytes, AtFork atFork) noexcept;

/// Writes all mappings so far into a new region's header.
void listMappings(layout::RegionHeader& header) noexcept;

}  // namespace leakgate::shim
