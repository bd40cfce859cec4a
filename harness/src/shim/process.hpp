// The shim's state of the process: whether and how it counts, and what must not survive a fork.
#pragma once

#include <stdint.h>

#include "region/layout.hpp"
#include "shim/spin_lock.hpp"
#include "shim/thread_state.hpp"

namespace leakgate::shim {

enum class Mode : uint32_t {
  undecided,  ///< before the first event
  off,        ///< LEAKGATE_DIR is not set: calls are passed on, nothing is counted
  count,
  sites,   ///< by caller; by stack where the stack filter says so
  stacks,  ///< by stack
};
[[gnu::visibility("hidden")]] extern Mode gMode;

/// What the quick way in recording.hpp handles.
enum class QuickWay : uint32_t {
  none,
  heads,  ///< depth count, usable bytes by the word before a block
  sites,
  frees,  ///< depth stacks: frees only
};
[[gnu::visibility("hidden")]] extern QuickWay gQuickWay;

/// The runner's page; mapped when counting.
[[gnu::visibility("hidden")]] extern const layout::ControlPage* gControl;

/// Passes from its creator to a new thread what to run.
struct ThreadStart {
  uint32_t taken;
  uint16_t site;  ///< ResourceId of a detached thread; 0: joinable
  void* (*run)(void*);
  void* argument;
};

/// State that the kernel zeroes in a child of fork: locks come up free, thread slots unclaimed, `ready`
/// unset. This needs no fork handler, so it also covers raw clone and vfork (which shares the memory and the
/// parent's state).
struct ForkLocal {
  uint32_t ready;  ///< the region belongs to this process
  SpinLock openLock;
  uint32_t mayUnwind;   ///< no lock of the unwinder is held by a thread that was left in the parent
  SpinLock tablesLock;  ///< scopes, modules, sites, stacks, private mappings
  SpinLock slotsLock;
  SpinLock mappingsLock;
  SpinLock threadsLock;
  SpinLock objectsLock;
  SpinLock locksLock;
  SpinLock sharedLock;  ///< protects `shared`; may be held when tablesLock is taken, never the reverse
  ThreadStart threadStarts[64];  ///< of threads that are not running yet
  uint32_t slotsUsed;            ///< segments 1 to slotsUsed have been handed out
  uint32_t freeCount;
  uint16_t freeSlots[layout::kSegmentCapacity];
  ThreadState shared;  ///< of threads without a slot: they are ending, or started when none was left
  ThreadState threads[layout::kSegmentCapacity];  ///< by segment, [0] unused
};
[[gnu::visibility("hidden")]] extern ForkLocal* gForkLocal;

/// Returns true when this process counts: it has a depth, a control page and its own region. Slow at the
/// first event of a process image or a child of fork. Aborts when the region cannot be made. Threads: any.
bool ensureReady() noexcept;

/// Starts counting in a process that was started without LEAKGATE_DIR but has it in its environment now:
/// blocks from before are foreign. Returns false when it already counts.
bool countFromNow() noexcept;

/// LEAKGATE_DIR; "" when it is not set.
const char* regionDirectory() noexcept;

/// Counts an event that could not be counted; the audit must show 0.
[[gnu::cold]] void noteDroppedEvent() noexcept;

/// Blocks, mappings ... that are counted by their caller, because a table is full or they cannot be unwound.
[[gnu::cold]] void noteFoldedStack() noexcept;
[[gnu::cold]] void noteMissedStack() noexcept;

}  // namespace leakgate::shim
