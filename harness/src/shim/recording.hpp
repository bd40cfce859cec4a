// Records allocations and frees for the hooks.
//
// Nearly every event takes the quick way, which makes no call: a hook then saves no registers, and free()
// jumps to the allocator. The quick way leaves every event that it cannot handle, unchanged, to the full way
// in recording.cpp.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "region/layout.hpp"
#include "shim/next_allocator.hpp"
#include "shim/process.hpp"
#include "shim/shadow_table.hpp"
#include "shim/site_table.hpp"
#include "shim/thread_state.hpp"
#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// A block's id and size, kept while the allocator has the block.
struct TakenBlock {
  uint32_t id;
  uint64_t bytes;
};

/// Only the slot's owner writes, so no read-modify-write is needed; the reader sees no torn words.
inline void bump(uint64_t& counter, uint64_t by) noexcept {
  __atomic_store_n(&counter, __atomic_load_n(&counter, __ATOMIC_RELAXED) + by, __ATOMIC_RELAXED);
}

[[gnu::always_inline]] inline void countAllocation(layout::Counter& counter, uint64_t bytes) noexcept {
  bump(counter.allocations, 1);
  bump(counter.allocatedBytes, bytes);
}

[[gnu::always_inline]] inline void countFree(layout::Counter& counter, uint64_t bytes) noexcept {
  bump(counter.frees, 1);
  bump(counter.freedBytes, bytes);
}

/// Depth count. freedBytes also takes off what the allocator rounds up, so that allocatedBytes stays as
/// requested while allocatedBytes - freedBytes is the usable bytes of live blocks.
[[gnu::always_inline]] inline void countInScope(layout::Counter* counters, uint64_t bytes,
                                                uint64_t usable) noexcept {
  layout::Counter& counter = counters[layout::kFirstScopeId + tLocals.scope];
  countAllocation(counter, bytes);
  bump(counter.freedBytes, bytes - usable);
}

[[gnu::always_inline]] inline uint64_t attributesOf(size_t bytes) noexcept {
  const uint32_t epoch = __atomic_load_n(&gControl->epoch, __ATOMIC_RELAXED);
  return packAttributes(layout::sizeClassOf(bytes), tLocals.scope, epoch);
}

/// Removes a block's entry and returns it. Call it before the allocator gets the block: afterwards the
/// address may belong to another thread's new block.
TakenBlock takeBlock(void* block) noexcept;

/// Undoes takeBlock, when the allocator has not changed the block.
void putBack(void* block, TakenBlock taken) noexcept;

void noteFree(TakenBlock taken) noexcept;

/// The full way. block: not null; returned. bytes: as requested by the program.
[[gnu::noinline]] void* noteAllocation(void* block, size_t bytes, HookFrame hook) noexcept;

/// Passes a block of any kind on to the allocator's free; records it if necessary.
[[gnu::noinline]] void releaseFully(void* block) noexcept;

/// Handles sites in the thread's cache and blocks whose entry is free. False: nothing has been done.
[[gnu::always_inline]] inline bool recordQuickly(ThreadState& thread, layout::Counter* counters, void* block,
                                                 size_t bytes, HookFrame hook) noexcept {
  uint32_t* entry = findEntry(block);
  if (__builtin_expect(bytes > layout::kExactClassBytes || entry == nullptr || *entry != 0, 0)) return false;
  const uint64_t attributes = attributesOf(bytes);
  const uint64_t caller = hook.callerPc();
  const CachedSite* site = findCached(thread, caller, attributes);
  if (__builtin_expect(site == nullptr || (site->id & kUnwindHere) != 0, 0)) return false;
  const auto id = static_cast<uint32_t>(site->id);
  countAllocation(counters[id], bytes);
  *entry = smallEntry(id, bytes);
  return true;
}

/// block: not null. False: call noteAllocation.
[[gnu::always_inline]] inline bool noteQuickly(void* block, size_t bytes, HookFrame hook) noexcept {
  ThreadState& thread = *tLocals.state;
  layout::Counter* const counters = thread.counters;
  if (__builtin_expect(counters == nullptr, 0)) return false;
  if (gQuickWay == QuickWay::sites) return recordQuickly(thread, counters, block, bytes, hook);
  if (gQuickWay != QuickWay::heads) return false;
  countInScope(counters, bytes, usableSizeByHead(block));
  return true;
}

/// Records the free of a small block, or of any block at depth count. False: call releaseFully.
[[gnu::always_inline]] inline bool noteFreeQuickly(void* block) noexcept {
  layout::Counter* const counters = tLocals.state->counters;
  if (__builtin_expect(counters == nullptr, 0)) return false;
  if (gQuickWay == QuickWay::heads) {
    if (block == nullptr || isBootBlock(block)) return false;
    countFree(counters[layout::kFirstScopeId + tLocals.scope], usableSizeByHead(block));
    return true;
  }
  if (gQuickWay == QuickWay::none) return false;
  // Neither nullptr nor a boot block has an entry, so this check covers them too.
  uint32_t* entry = findEntry(block);
  if (__builtin_expect(entry == nullptr || !isSmallEntry(*entry), 0)) return false;
  const uint32_t value = *entry;
  *entry = 0;
  countFree(counters[idIn(value)], bytesIn(value, 0));
  return true;
}

}  // namespace leakgate::shim
