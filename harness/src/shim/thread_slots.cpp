#include "shim/thread_slots.hpp"

#include <errno.h>
#include <pthread.h>

#include "shim/fatal.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/resource_tables.hpp"
#include "shim/spin_lock.hpp"

namespace leakgate::shim {
namespace {

ThreadState gUnclaimed;  // stays without counters
pthread_key_t gThreadEnd;
thread_local bool tShares = false;

// 0: none left.
uint32_t takeSlot() noexcept {
  SpinGuard guard(gForkLocal->slotsLock);
  __atomic_fetch_add(&gRegion.header->threadsSeen, 1, __ATOMIC_RELAXED);
  if (gForkLocal->freeCount > 0) return gForkLocal->freeSlots[--gForkLocal->freeCount];
  const uint32_t slot = gForkLocal->slotsUsed + 1;
  if (slot >= layout::kSegmentCapacity || mapSegment(slot) == nullptr) return 0;
  gForkLocal->slotsUsed = slot;
  return slot;
}

void releaseSlot(const ThreadState& state) noexcept {
  SpinGuard guard(gForkLocal->slotsLock);
  gForkLocal->freeSlots[gForkLocal->freeCount++] = static_cast<uint16_t>(&state - gForkLocal->threads);
}

// The thread's other destructors, which run in any order and in several rounds, may still allocate and free:
// that is counted in the shared slot. This slot is not used any more, so it is free now.
void onThreadEnd(void*) noexcept {
  noteThreadEnd();
  tShares = true;
  ThreadState* const state = tLocals.state;
  tLocals.state = &gUnclaimed;
  if (state->counters != nullptr) releaseSlot(*state);
}

}  // namespace

constinit thread_local ThreadLocals tLocals = {&gUnclaimed, 0};

void prepareThreadEnd() noexcept {
  const int error = pthread_key_create(&gThreadEnd, onThreadEnd);
  if (error != 0) fail("cannot watch the end of threads", "pthread_key_create", error);
}

void watchThreadEnd() noexcept { pthread_setspecific(gThreadEnd, &gUnclaimed); }

ThreadState* claimThreadState() noexcept {
  if (tShares) return nullptr;
  tShares = true;  // for a signal handler that comes in between
  const uint32_t slot = takeSlot();
  if (slot == 0) return nullptr;
  ThreadState* const state = &gForkLocal->threads[slot];
  state->counters = gRegion.segments[slot];
  tLocals.state = state;  // first, because the last line may allocate
  tShares = false;
  pthread_setspecific(gThreadEnd,
                      state);  // should it fail, the slot is not used again: bounded, and still exact
  return state;
}

}  // namespace leakgate::shim
