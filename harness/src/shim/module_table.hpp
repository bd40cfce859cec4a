// Records which loaded file contains an address, while it is loaded: when the reader looks, the module may
// have been unloaded and another may have its addresses.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// A return address in its file. Valid as long as the region.
struct CodeLocation {
  const char* path;  ///< nullptr: in no loaded file
  uint64_t offset;   ///< in the file's own addresses
};

/// How many modules there are. A child of fork has as many as its parent had at the fork.
uint32_t moduleCount() noexcept;

/// Returns the address as a packed location (layout.hpp), and appends its module when it is new. Threads:
/// under ForkLocal::tablesLock. Cost: new sites and stacks only.
uint64_t packLocation(uint64_t address) noexcept;

/// packLocation for a whole stack: neighbouring frames are mostly in one module. All of its code must be
/// running.
void packLocations(const uint64_t* addresses, uint32_t count, uint64_t* packed) noexcept;

/// Unpacks a location.
CodeLocation locationOf(uint64_t packed) noexcept;

}  // namespace leakgate::shim
