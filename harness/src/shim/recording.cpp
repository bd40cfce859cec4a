#include "shim/recording.hpp"

#include "shim/errno_keeper.hpp"
#include "shim/stack_sites.hpp"
#include "shim/thread_slots.hpp"

namespace leakgate::shim {
namespace {

void* nextGranule(void* block) noexcept { return static_cast<char*>(block) + kGranuleBytes; }

void recordFree(ThreadState& thread, TakenBlock taken) noexcept {
  countFree(thread.counters[taken.id], taken.bytes);
}

// The entry belongs to a block that has been freed through a private function of the allocator, or is the
// rest of such a block.
//
// The addresses of the freed block may have been given to two threads, so each entry is claimed by one of
// them: the size is read before the entry is claimed, and no thread overwrites a rest before its block is
// claimed.
[[gnu::cold]] void recordHiddenFree(ThreadState& thread, void* block) noexcept {
  uint32_t* entry = findEntry(block);
  if ((__atomic_load_n(entry, __ATOMIC_ACQUIRE) & kRest) != 0) {
    block = static_cast<char*>(block) - kGranuleBytes;
    entry = findEntry(block);
  }
  uint32_t value = __atomic_load_n(entry, __ATOMIC_ACQUIRE);
  uint32_t* rest = (value & kLarge) != 0 ? findEntry(nextGranule(block)) : nullptr;
  uint32_t restValue = rest != nullptr ? __atomic_load_n(rest, __ATOMIC_ACQUIRE) : 0;
  if (value == 0 ||
      !__atomic_compare_exchange_n(entry, &value, 0, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    return;
  }
  recordFree(thread, {idIn(value), bytesIn(value, restValue)});
  if (rest != nullptr)
    __atomic_compare_exchange_n(rest, &restValue, 0, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

// Makes the entry after a large block's own, and frees it. nullptr when that is impossible.
uint32_t* makeRest(ThreadState& thread, void* block) noexcept {
  uint32_t* rest = makeEntry(nextGranule(block));
  if (rest != nullptr && __builtin_expect(*rest != 0, 0)) recordHiddenFree(thread, nextGranule(block));
  return rest;
}

// Inline, like its callers and callees: libunwind walks through each frame that the shim has here.
//
// Returns the id of a block's call stack; of its caller if there is no stack.
[[gnu::always_inline]] inline uint32_t findStackSite(ThreadState& thread, HookFrame hook,
                                                     uint64_t attributes) noexcept {
  const uint32_t site = siteOfStack(thread, hook.caller(), attributes);
  if (__builtin_expect(site != 0, 1)) return site;
  return findSite(thread, hook.callerPc(), attributes) & ~kUnwindHere;
}

[[gnu::always_inline]] inline uint32_t findSiteOf(ThreadState& thread, HookFrame hook,
                                                  uint64_t attributes) noexcept {
  if (gMode == Mode::stacks) return findStackSite(thread, hook, attributes);
  const uint32_t id = findSite(thread, hook.callerPc(), attributes);
  return __builtin_expect((id & kUnwindHere) == 0, 1) ? id : findStackSite(thread, hook, attributes);
}

[[gnu::always_inline]] inline void recordAtSite(ThreadState& thread, void* block, size_t asked,
                                                HookFrame hook) noexcept {
  const uint64_t bytes = countedBytes(asked);
  const bool large = bytes > kSmallBytes;
  uint32_t* entry = makeEntry(block);
  if (entry == nullptr) return noteDroppedEvent();
  if (__builtin_expect(*entry != 0, 0)) recordHiddenFree(thread, block);
  uint32_t* rest = large ? makeRest(thread, block) : nullptr;
  if (large && rest == nullptr) return noteDroppedEvent();
  const uint32_t id = findSiteOf(thread, hook, attributesOf(asked));
  countAllocation(thread.counters[id], bytes);
  if (large) *rest = restEntry(bytes);
  *entry = large ? largeEntry(id, bytes) : smallEntry(id, bytes);
}

[[gnu::always_inline]] inline void recordAllocation(ThreadState& thread, void* block, size_t bytes,
                                                    HookFrame hook) noexcept {
  if (gMode >= Mode::sites) {
    recordAtSite(thread, block, bytes, hook);
  } else {
    countInScope(thread.counters, bytes, gNext.usableSize(block));
  }
}

// For a thread without a slot: at its first event, in a child of fork, or when nothing is counted.
[[gnu::cold, gnu::noinline]] void noteAllocationSlowly(void* block, size_t bytes, HookFrame hook) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return;
  if (gQuickWay == QuickWay::heads && usableSizeByHead(block) != gNext.usableSize(block))
    gQuickWay = QuickWay::none;
  if (ThreadState* own = claimThreadState()) return recordAllocation(*own, block, bytes, hook);
  SpinGuard guard(gForkLocal->sharedLock);
  recordAllocation(gForkLocal->shared, block, bytes, hook);
}

[[gnu::cold, gnu::noinline]] void noteFreeSlowly(TakenBlock taken) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return;
  if (ThreadState* own = claimThreadState()) return recordFree(*own, taken);
  SpinGuard guard(gForkLocal->sharedLock);
  recordFree(gForkLocal->shared, taken);
}

TakenBlock takeFrom(void* block, uint32_t* entry) noexcept {
  const uint32_t value = *entry;
  if ((value & kRest) != 0) return {};  // inside a block: the allocator will report it
  uint32_t* rest = (value & kLarge) != 0 ? findEntry(nextGranule(block)) : nullptr;
  const TakenBlock taken{idIn(value), bytesIn(value, rest != nullptr ? *rest : 0)};
  *entry = 0;
  if (rest != nullptr) *rest = 0;
  return taken;
}

}  // namespace

TakenBlock takeBlock(void* block) noexcept {
  if (gMode == Mode::count) return {layout::kFirstScopeId + tLocals.scope, gNext.usableSize(block)};
  uint32_t* entry = gMode >= Mode::sites ? findEntry(block) : nullptr;
  return entry != nullptr && *entry != 0 ? takeFrom(block, entry) : TakenBlock{};
}

void putBack(void* block, TakenBlock taken) noexcept {
  if (gMode < Mode::sites || taken.id == layout::kForeignId) return;
  const bool large = taken.bytes > kSmallBytes;
  if (large) *findEntry(nextGranule(block)) = restEntry(taken.bytes);
  *findEntry(block) = large ? largeEntry(taken.id, taken.bytes) : smallEntry(taken.id, taken.bytes);
}

void noteFree(TakenBlock taken) noexcept {
  ThreadState& thread = *tLocals.state;
  if (__builtin_expect(thread.counters == nullptr, 0)) return noteFreeSlowly(taken);
  recordFree(thread, taken);
}

void* noteAllocation(void* block, size_t bytes, HookFrame hook) noexcept {
  ThreadState& thread = *tLocals.state;
  if (__builtin_expect(thread.counters == nullptr, 0)) {
    noteAllocationSlowly(block, bytes, hook);
  } else {
    recordAllocation(thread, block, bytes, hook);
  }
  return block;
}

void releaseFully(void* block) noexcept {
  if (block == nullptr || isBootBlock(block)) return;
  noteFree(takeBlock(block));
  gNext.free(block);
}

}  // namespace leakgate::shim
