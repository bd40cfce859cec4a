#include "shim/resource_sites.hpp"

#include "region/layout.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/stack_sites.hpp"

namespace leakgate::shim {
namespace {

constexpr unsigned kBucketsLog2 = 13;  // twice the capacity: one is empty
static_assert(uint32_t{1} << kBucketsLog2 == 2 * layout::kResourceCapacity);
constexpr uint32_t kStackCapacity = layout::kResourceCapacity / 4 * 3;  // the rest is for callers

// In ordinary memory, like the table of heap sites, so a child of fork has them as they were.
ResourceId gBuckets[1u << kBucketsLog2];
uint32_t gCount = 0;

ResourceId* findBucket(uint32_t kind, uint64_t caller) noexcept {
  const uint32_t mask = (1u << kBucketsLog2) - 1;
  uint64_t at = ((caller ^ uint64_t{kind} << 60) * 0x9e3779b97f4a7c15ULL) >> (64 - kBucketsLog2);
  for (;; at = (at + 1) & mask) {
    const ResourceId id = __atomic_load_n(&gBuckets[at], __ATOMIC_ACQUIRE);
    if (id == 0) return &gBuckets[at];
    const layout::ResourceSite& site = gRegion.resources[id - 1];
    if (site.caller == caller && site.kind == kind) return &gBuckets[at];
  }
}

// 0 when the table is full.
ResourceId append(uint32_t kind, uint64_t caller) noexcept {
  const uint32_t capacity = (caller & layout::kStackBit) != 0 ? kStackCapacity : layout::kResourceCapacity;
  uint32_t index = __atomic_load_n(&gCount, __ATOMIC_RELAXED);
  do {
    if (index >= capacity) return 0;
  } while (
      !__atomic_compare_exchange_n(&gCount, &index, index + 1, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
  gRegion.resources[index].kind = kind;
  __atomic_store_n(&gRegion.resources[index].caller, caller, __ATOMIC_RELEASE);
  uint32_t known = __atomic_load_n(&gRegion.header->resourceCount, __ATOMIC_RELAXED);
  while (known <= index && !__atomic_compare_exchange_n(&gRegion.header->resourceCount, &known, index + 1,
                                                        true, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
  }
  return static_cast<ResourceId>(index + 1);
}

// Without a lock, because open() and close() may be called in signal handlers. A thread that loses the race
// for a bucket leaves an entry without counts behind.
ResourceId intern(uint32_t kind, uint64_t caller) noexcept {
  ResourceId fresh = 0;
  for (;;) {
    ResourceId* const bucket = findBucket(kind, caller);
    ResourceId id = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
    if (id != 0) return id;
    if (fresh == 0) fresh = append(kind, caller);
    if (fresh == 0) return 0;
    if (__atomic_compare_exchange_n(bucket, &id, fresh, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return fresh;
  }
}

}  // namespace

uint32_t resourceCount() noexcept { return __atomic_load_n(&gCount, __ATOMIC_RELAXED); }

ResourceId siteOfCall(uint32_t kind, const CallerFrame& caller) noexcept {
  if (gRegion.header->depth != layout::kDepthStacks) return intern(kind, caller.pc);
  const uint64_t stack = stackOfCall(caller);
  const ResourceId site = stack != 0 ? intern(kind, stack) : 0;
  if (site != 0) return site;
  if (stack != 0) noteFoldedStack();
  return intern(kind, caller.pc);
}

void countOpened(ResourceId id, uint64_t bytes) noexcept {
  if (id == 0) {
    __atomic_fetch_add(&gRegion.header->resourcesFolded, 1, __ATOMIC_RELAXED);
    return;
  }
  layout::ResourceSite& site = gRegion.resources[id - 1];
  __atomic_fetch_add(&site.opened, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&site.openedBytes, bytes, __ATOMIC_RELAXED);
}

void countClosed(ResourceId id, uint64_t bytes) noexcept {
  if (id == 0) return;
  layout::ResourceSite& site = gRegion.resources[id - 1];
  __atomic_fetch_add(&site.closed, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&site.closedBytes, bytes, __ATOMIC_RELAXED);
}

}  // namespace leakgate::shim
