#include "shim/site_table.hpp"

#include <errno.h>

#include "shim/fatal.hpp"
#include "shim/module_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/stack_filter.hpp"

namespace leakgate::shim {
namespace {

// All in ordinary memory: at a fork the child has them as they were, whatever its parent does meanwhile.
uint32_t* gBuckets = nullptr;  ///< ids, with kUnwindHere where it belongs
unsigned gBucketsLog2 = 0;
uint32_t gSiteCapacity = 0;
uint32_t gSiteCount = 0;

bool holds(uint32_t id, uint64_t caller, uint64_t attributes) noexcept {
  const layout::SiteKey& key = gRegion.sites[id - layout::kFirstSiteId];
  const bool same = ((key.caller ^ caller) & (layout::kAddressMask | layout::kStackBit)) == 0;
  return same && packAttributes(key.sizeClass, key.scope, key.epoch) == attributes;
}

// The bucket that holds the site, or the empty one where it belongs. There
// are twice as many as sites: one is empty.
uint32_t* findBucket(uint64_t caller, uint64_t attributes) noexcept {
  const uint64_t mask = (uint64_t{1} << gBucketsLog2) - 1;
  for (uint64_t at = hashSite(caller, attributes) >> (64 - gBucketsLog2);; at = (at + 1) & mask) {
    const uint32_t id = __atomic_load_n(&gBuckets[at], __ATOMIC_ACQUIRE);
    if (id == 0 || holds(id & ~kUnwindHere, caller, attributes)) return &gBuckets[at];
  }
}

uint32_t appendSite(uint32_t* bucket, uint64_t caller, uint64_t attributes) noexcept {
  layout::SiteKey& key = gRegion.sites[gSiteCount];
  key.sizeClass = static_cast<uint16_t>(attributes);
  key.scope = static_cast<uint16_t>(attributes >> 16);
  key.epoch = static_cast<uint32_t>(attributes >> 32);
  const uint64_t location = (caller & layout::kStackBit) != 0 ? caller : packLocation(caller);
  uint32_t id = layout::kFirstSiteId + gSiteCount;
  if (filterLists(location, key.sizeClass)) id |= kUnwindHere;
  __atomic_store_n(&key.caller, location, __ATOMIC_RELEASE);
  __atomic_store_n(&gSiteCount, gSiteCount + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&gRegion.header->siteCount, gSiteCount, __ATOMIC_RELEASE);
  __atomic_store_n(bucket, id, __ATOMIC_RELEASE);
  return id;
}

}  // namespace

void prepareSites(uint32_t capacity) noexcept {
  gSiteCapacity = capacity;
  gBucketsLog2 = 1;
  while ((uint64_t{1} << gBucketsLog2) < uint64_t{capacity} * 2) ++gBucketsLog2;
  gBuckets = static_cast<uint32_t*>(mapPrivate(sizeof(uint32_t) << gBucketsLog2, AtFork::copy));
  if (gBuckets == nullptr) fail("no address space for the site table", "mmap", errno);
}

uint32_t siteCount() noexcept { return gSiteCount; }

uint32_t internSite(uint64_t caller, uint64_t attributes) noexcept {
  uint32_t id = __atomic_load_n(findBucket(caller, attributes), __ATOMIC_ACQUIRE);
  if (id != 0) return id;
  const auto folded = static_cast<uint32_t>(layout::kFirstScopeId + (attributes >> 16 & 0xffff));
  if (__atomic_load_n(&gSiteCount, __ATOMIC_ACQUIRE) == gSiteCapacity) return folded;
  SpinGuard guard(gForkLocal->tablesLock);
  uint32_t* bucket = findBucket(caller, attributes);
  if (*bucket != 0) return *bucket;
  return gSiteCount < gSiteCapacity ? appendSite(bucket, caller, attributes) : folded;
}

uint32_t cacheSite(CachedSites& cached, uint64_t caller, uint64_t attributes) noexcept {
  const uint32_t id = internSite(caller, attributes);
  cached.sites[1] = cached.sites[0];
  cached.sites[0] = {caller, attributes, id, 0};
  return id;
}

}  // namespace leakgate::shim
