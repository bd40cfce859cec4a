#include "shim/stack_table.hpp"

#include <errno.h>
#include <sys/mman.h>

#include "shim/fatal.hpp"
#include "shim/module_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"

namespace leakgate::shim {
namespace {

// All in ordinary memory: at a fork the child has them as they were, whatever its parent does meanwhile.
uint32_t* gBuckets = nullptr;
unsigned gBucketsLog2 = 0;
uint32_t gStackCapacity = 0;
uint32_t gStackCount = 0;
uint64_t gFrameCount = 0;
uint64_t gFramesAhead = 0;  ///< that the kernel has been asked to have pages for

constexpr uint64_t kFramesAtOnce = 8192;  // 16 pages

struct Frames {
  const uint64_t* addresses;
  uint32_t count;
  bool truncated;
  uint64_t hash;
};

uint64_t mixed(uint64_t hash, uint64_t word) noexcept {
  hash = (hash ^ word) * 0x9e3779b97f4a7c15ULL;
  return hash ^ hash >> 32;
}

// In four lanes: in one, each frame would wait for the product of the one before it.
uint64_t hashOf(const uint64_t* addresses, uint32_t count) noexcept {
  constexpr uint32_t kLanes = 4;
  uint64_t lanes[kLanes] = {count, 1, 2, 3};
  uint32_t i = 0;
  for (; i + kLanes <= count; i += kLanes) {
#pragma GCC unroll 4
    for (uint32_t lane = 0; lane < kLanes; ++lane) lanes[lane] = mixed(lanes[lane], addresses[i + lane]);
  }
  for (uint32_t lane = 0; i < count; ++i, ++lane) lanes[lane] = mixed(lanes[lane], addresses[i]);
  return mixed(mixed(mixed(lanes[0], lanes[1]), lanes[2]), lanes[3]);
}

bool sameCode(const uint64_t* known, const uint64_t* addresses, uint32_t count) noexcept {
  uint64_t difference = 0;
#pragma GCC unroll 4
  for (uint32_t i = 0; i < count; ++i) difference |= known[i] ^ addresses[i];
  return (difference & layout::kAddressMask) == 0;
}

bool holds(uint32_t number, const Frames& frames) noexcept {
  const layout::Stack& stack = gRegion.stacks[number];
  return stack.hash == frames.hash && stack.frameCount == frames.count &&
         (stack.truncated != 0) == frames.truncated &&
         sameCode(gRegion.frames + stack.firstFrame, frames.addresses, frames.count);
}

// The bucket that holds the stack, or the empty one where it belongs. There are twice as many as stacks.
uint32_t* findBucket(const Frames& frames) noexcept {
  const uint64_t mask = (uint64_t{1} << gBucketsLog2) - 1;
  for (uint64_t at = frames.hash & mask;; at = (at + 1) & mask) {
    const uint32_t entry = __atomic_load_n(&gBuckets[at], __ATOMIC_ACQUIRE);
    if (entry == 0 || holds(entry - 1, frames)) return &gBuckets[at];
  }
}

// One call instead of a page fault for each page. The kernel may refuse.
[[gnu::cold]] void askForPages() noexcept {
  madvise(gRegion.frames + gFramesAhead, kFramesAtOnce * sizeof(uint64_t), MADV_POPULATE_WRITE);
  gFramesAhead += kFramesAtOnce;
}

uint64_t append(uint32_t* bucket, const Frames& frames) noexcept {
  if (gStackCount == gStackCapacity) return 0;
  if (gFrameCount + frames.count > layout::frameCapacity(gStackCapacity)) return 0;
  if (gFrameCount + frames.count > gFramesAhead) askForPages();
  uint64_t* packed = gRegion.frames + gFrameCount;
  packLocations(frames.addresses, frames.count, packed);
  const uint32_t number = gStackCount;
  gRegion.stacks[number] = {frames.hash, static_cast<uint32_t>(gFrameCount),
                            static_cast<uint16_t>(frames.count), frames.truncated};
  __atomic_store_n(&gFrameCount, gFrameCount + frames.count, __ATOMIC_RELEASE);
  __atomic_store_n(&gStackCount, gStackCount + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&gRegion.header->frameCount, gFrameCount, __ATOMIC_RELEASE);
  __atomic_store_n(&gRegion.header->stackCount, gStackCount, __ATOMIC_RELEASE);
  __atomic_store_n(bucket, number + 1, __ATOMIC_RELEASE);
  return layout::kStackBit | number;
}

}  // namespace

void prepareStacks(uint32_t capacity) noexcept {
  gStackCapacity = capacity;
  gBucketsLog2 = 1;
  while ((uint64_t{1} << gBucketsLog2) < uint64_t{capacity} * 2) ++gBucketsLog2;
  gBuckets = static_cast<uint32_t*>(mapPrivate(sizeof(uint32_t) << gBucketsLog2, AtFork::copy));
  if (gBuckets == nullptr) fail("no address space for the stack table", "mmap", errno);
}

uint32_t stackCount() noexcept { return gStackCount; }

uint64_t frameCount() noexcept { return gFrameCount; }

uint64_t internStack(const uint64_t* addresses, uint32_t count, bool truncated) noexcept {
  const Frames frames{addresses, count, truncated, hashOf(addresses, count)};
  const uint32_t entry = __atomic_load_n(findBucket(frames), __ATOMIC_ACQUIRE);
  if (entry != 0) return layout::kStackBit | (entry - 1);
  SpinGuard guard(gForkLocal->tablesLock);
  uint32_t* bucket = findBucket(frames);
  return *bucket != 0 ? layout::kStackBit | (*bucket - 1) : append(bucket, frames);
}

}  // namespace leakgate::shim
