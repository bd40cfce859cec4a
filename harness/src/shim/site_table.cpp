#include "shim/site_table.hpp"

#include "shim/bucket_table.hpp"
#include "shim/module_table.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/stack_filter.hpp"

namespace leakgate::shim {
namespace {

// All in ordinary memory, so a child of fork has them as they were, whatever its parent does meanwhile.
constinit BucketTable gBuckets;  ///< ids, with kUnwindHere where it belongs
uint32_t gSiteCapacity = 0;
uint32_t gSiteCount = 0;

bool holds(uint32_t id, uint64_t caller, uint64_t attributes) noexcept {
  const layout::SiteKey& key = gRegion.sites[id - layout::kFirstSiteId];
  const bool same = ((key.caller ^ caller) & (layout::kAddressMask | layout::kStackBit)) == 0;
  return same && packAttributes(key.sizeClass, key.scope, key.epoch) == attributes;
}

uint32_t appendSite(uint64_t caller, uint64_t attributes) noexcept {
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
  return id;
}

}  // namespace

void prepareSites(uint32_t capacity) noexcept {
  gSiteCapacity = capacity;
  gBuckets.prepare(capacity, "no address space for the site table");
}

uint32_t siteCount() noexcept { return gSiteCount; }

uint32_t internSite(uint64_t caller, uint64_t attributes) noexcept {
  const uint64_t hash = hashSite(caller, attributes);
  const auto holdsSite = [&](uint32_t id) { return holds(id & ~kUnwindHere, caller, attributes); };
  const uint32_t known = gBuckets.find(hash, holdsSite);
  if (known != 0) return known;
  const auto folded = static_cast<uint32_t>(layout::kFirstScopeId + (attributes >> 16 & 0xffff));
  if (__atomic_load_n(&gSiteCount, __ATOMIC_ACQUIRE) == gSiteCapacity) return folded;
  const uint32_t id = gBuckets.findOrAppend(hash, holdsSite, [&]() -> uint32_t {
    return gSiteCount < gSiteCapacity ? appendSite(caller, attributes) : 0;
  });
  return id != 0 ? id : folded;
}

uint32_t cacheSite(CachedSites& cached, uint64_t caller, uint64_t attributes) noexcept {
  const uint32_t id = internSite(caller, attributes);
  cached.sites[1] = cached.sites[0];
  cached.sites[0] = {caller, attributes, id, 0};
  return id;
}

}  // namespace leakgate::shim
