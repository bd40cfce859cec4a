// What the shim knows of the process: whether and how it counts, and what must not outlive a fork.
#pragma once

#include <stdint.h>

#include "region/layout.hpp"
#include "shim/spin_lock.hpp"
#include "shim/thread_state.hpp"

namespace leakgate::shim {

enum class Mode : uint32_t {
  undecided,  ///< before the first event
  off,        ///< LEAKGATE_DIR is not set: everything is passed on, nothing is counted
  count,
  sites,   ///< by caller; by stack where the stack filter says so
  stacks,  ///< by stack
};
[[gnu::visibility("hidden")]] extern Mode gMode;

/// What recording.hpp does without a call.
enum class QuickWay : uint32_t {
  none,
  heads,  ///< depth count, usable bytes by the word before a block
  sites,
  frees,  ///< depth stacks: of allocations nothing
};
[[gnu::visibility("hidden")]] extern QuickWay gQuickWay;

/// The runner's page; mapped when counting.
[[gnu::visibility("hidden")]] extern const layout::ControlPage* gControl;

/// What a new thread runs, from its creator to the thread.
struct ThreadStart {
  uint32_t taken;
  uint16_t site;  ///< ResourceId of a detached thread; 0: joinable
  void* (*run)(void*);
  void* argument;
};

/// State that the kernel zeroes in a child of fork: locks come up free, thread slots unclaimed, `ready`
/// unset. This needs no fork handler, so it covers raw clone and vfork (which shares the memory and the
/// parent's state) as well.
struct ForkLocal {
  uint32_t ready;  ///< the region belongs to this process
  SpinLock openLock;
  uint32_t mayUnwind;   ///< no lock of the unwinder can be held by a thread that this process does not have
  SpinLock tablesLock;  ///< scopes, modules, sites, stacks, private mappings
  SpinLock slotsLock;
  SpinLock mappingsLock;
  SpinLock threadsLock;
  SpinLock objectsLock;
  SpinLock locksLock;
  SpinLock sharedLock;  ///< around `shared`; may be held when tablesLock is taken, never the other way round
  ThreadStart threadStarts[64];  ///< of threads that do not run yet
  uint32_t slotsUsed;            ///< segments 1 to slotsUsed have been handed out
  uint32_t freeCount;
  uint16_t freeSlots[layout::kSegmentCapacity];
  ThreadState shared;  ///< of threads without a slot: that are ending, or came when none was left
  ThreadState threads[layout::kSegmentCapacity];  ///< by segment, [0] unused
};
[[gnu::visibility("hidden")]] extern ForkLocal* gForkLocal;

/// True when this process counts: has its depth, its control page and a region of its own. Slow at the first
/// event of a process image or a child of fork. Aborts when the region cannot be made. Threads: any.
bool ensureReady() noexcept;

/// Begins to count a process that was started without LEAKGATE_DIR and has it in its environment now: blocks
/// from before are foreign. False when it counts already.
bool countFromNow() noexcept;

/// LEAKGATE_DIR; "" when it is not set.
const char* regionDirectory() noexcept;

/// Adds to what the audit must show as 0.
[[gnu::cold]] void noteDroppedEvent() noexcept;

/// Blocks, mappings ... that are counted by their caller, a table being full, or not to be unwound.
[[gnu::cold]] void noteFoldedStack() noexcept;
[[gnu::cold]] void noteMissedStack() noexcept;

}  // namespace leakgate::shim
