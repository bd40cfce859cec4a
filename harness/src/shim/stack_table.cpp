#include "shim/stack_table.hpp"

#include <sys/mman.h>

#include "shim/bucket_table.hpp"
#include "shim/module_table.hpp"
#include "shim/region_writer.hpp"

namespace leakgate::shim {
namespace {

// All in ordinary memory, so a child of fork has them as they were, whatever its parent does meanwhile.
constinit BucketTable gBuckets;  ///< numbers + 1
uint32_t gStackCapacity = 0;
uint32_t gStackCount = 0;
uint64_t gFrameCount = 0;
uint64_t gFramesAhead = 0;  ///< frames for which pages have been requested from the kernel

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

// In four lanes: with one, each frame would wait for the product of the frame before it.
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

// One call instead of one page fault per page. The kernel may refuse.
[[gnu::cold]] void askForPages() noexcept {
  madvise(gRegion.frames + gFramesAhead, kFramesAtOnce * sizeof(uint64_t), MADV_POPULATE_WRITE);
  gFramesAhead += kFramesAtOnce;
}

// Its number + 1; 0 when there is no room.
uint32_t append(const Frames& frames) noexcept {
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
  return number + 1;
}

}  // namespace

void prepareStacks(uint32_t capacity) noexcept {
  gStackCapacity = capacity;
  gBuckets.prepare(capacity, "no address space for the stack table");
}

uint32_t stackCount() noexcept { return gStackCount; }

uint64_t frameCount() noexcept { return gFrameCount; }

uint64_t internStack(const uint64_t* addresses, uint32_t count, bool truncated) noexcept {
  const Frames frames{addresses, count, truncated, hashOf(addresses, count)};
  const auto holdsStack = [&](uint32_t entry) { return holds(entry - 1, frames); };
  uint32_t entry = gBuckets.find(frames.hash, holdsStack);
  if (entry == 0) entry = gBuckets.findOrAppend(frames.hash, holdsStack, [&] { return append(frames); });
  return entry != 0 ? layout::kStackBit | (entry - 1) : 0;
}

}  // namespace leakgate::shim
