// The process's region file, on the shim's side. Layout: region/layout.hpp.
#pragma once

#include <stdint.h>

#include "region/layout.hpp"

namespace leakgate::shim {

/// Pointers into the mapped region. They change only in a child of fork, before it counts anything.
struct Region {
  layout::RegionHeader* header;
  layout::ScopeName* scopes;
  layout::Module* modules;
  layout::SiteKey* sites;
  layout::ResourceSite* resources;
  layout::Stack* stacks;
  uint64_t* frames;
  layout::Counter* segments[layout::kSegmentCapacity];  ///< nullptr: not mapped
};
[[gnu::visibility("hidden")]] extern Region gRegion;

/// The same for every region of this program.
struct RegionSettings {
  const char* directory;
  uint32_t depth;
  uint32_t flags;
  layout::Capacities capacities;
};

/// How many entries of each table a child of fork copies.
struct TableCounts {
  uint32_t scopes;
  uint32_t modules;
  uint32_t sites;
  uint32_t stacks;
  uint64_t frames;
  uint32_t resources;
};

/// Makes the region of this process image with segment 0 mapped. In a child of fork the first `counts`
/// entries of the parent's tables are copied, because the child's blocks and scopes refer to them by number,
/// and the parent's region is unmapped. Aborts when it cannot. Threads: the only one that counts.
void openRegion(const RegionSettings& settings, const TableCounts& counts) noexcept;

/// Extends the file to this segment and maps it. nullptr when the file can no longer be opened (the program
/// has changed its root or its user) or the address space is used up: the caller then shares segment 0.
/// Threads: one at a time.
layout::Counter* mapSegment(uint32_t index) noexcept;

}  // namespace leakgate::shim
