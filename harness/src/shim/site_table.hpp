// Gives each site (caller or call stack, size class, scope, epoch) its id.
//
//   bucket_table.hpp: hash(key) -> id              in the region: SiteKey by id - kFirstSiteId, append only
#pragma once

#include <stdint.h>

#include "region/layout.hpp"
#include "shim/thread_state.hpp"

namespace leakgate::shim {

/// A bit in ids from this table: the stack filter lists the site, so its blocks are counted by their stacks.
inline constexpr uint32_t kUnwindHere = 1u << 31;

/// Once per program, after prepareFilter.
void prepareSites(uint32_t capacity) noexcept;

/// How many there are. A child of fork has as many as its parent had at the fork.
uint32_t siteCount() noexcept;

/// Finds or appends a site. When the table is full: the id of the scope, so that every sum stays exact.
/// caller: a return address, or the result of internStack. attributes: see packAttributes.
[[gnu::cold]] uint32_t internSite(uint64_t caller, uint64_t attributes) noexcept;

/// internSite, and remembers the result.
[[gnu::cold]] uint32_t cacheSite(CachedSites& cached, uint64_t caller, uint64_t attributes) noexcept;

/// The second half of a SiteKey as one word.
inline uint64_t packAttributes(uint16_t sizeClass, uint32_t scope, uint32_t epoch) noexcept {
  return sizeClass | uint64_t{scope} << 16 | uint64_t{epoch} << 32;
}

/// The second product moves all bits to the top. Without the first, functions whose addresses differ by as
/// much as their block sizes (a row of pools, for example) would have the same hash.
inline uint64_t hashSite(uint64_t caller, uint64_t attributes) noexcept {
  return (caller * 0xd6e8feb86659fd93ULL ^ attributes) * 0x9e3779b97f4a7c15ULL;
}

inline uint64_t cacheIndexOf(uint64_t caller, uint64_t attributes) noexcept {
  return hashSite(caller, attributes) >> (64 - kCachedSitesLog2);
}

/// The site in the thread's cache, nullptr when it is not there.
[[gnu::always_inline]] inline const CachedSite* findCached(const ThreadState& thread, uint64_t caller,
                                                           uint64_t attributes) noexcept {
  const CachedSite* site = thread.cache[cacheIndexOf(caller, attributes)].sites;
  if (__builtin_expect(site->is(caller, attributes), 1)) return site;
  return (++site)->is(caller, attributes) ? site : nullptr;
}

/// internSite with the thread's cache in front.
inline uint32_t findSite(ThreadState& thread, uint64_t caller, uint64_t attributes) noexcept {
  const CachedSite* site = findCached(thread, caller, attributes);
  if (__builtin_expect(site != nullptr, 1)) return static_cast<uint32_t>(site->id);
  return cacheSite(thread.cache[cacheIndexOf(caller, attributes)], caller, attributes);
}

}  // namespace leakgate::shim
