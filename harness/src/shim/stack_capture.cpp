#include "shim/stack_capture.hpp"

#include <pthread.h>
#include <sched.h>

#include "region/layout.hpp"
#include "shim/fatal.hpp"
#include "shim/process.hpp"

namespace leakgate::shim {
namespace {

// A fork() during another thread's unwinding would leave the locks of the unwinder and the loader taken in
// the child. So a fork first waits until no thread unwinds, and new unwinding waits until the fork is done.
// Each thread has its own flag: no cache line is shared on the hot path.
uint32_t gForksRunning = 0;
bool gLocksFree = false;  ///< set between beforeFork and the end of that fork; a child keeps the value
constinit thread_local uint32_t tForksRunning = 0;
constexpr int kForkPatience = 1000000;  ///< yields; then the child does without stacks

bool othersUnwind(const ThreadState& own) noexcept {
  const uint32_t used = __atomic_load_n(&gForkLocal->slotsUsed, __ATOMIC_ACQUIRE);
  for (uint32_t i = 1; i <= used; ++i) {
    const ThreadState& state = gForkLocal->threads[i];
    if (&state != &own && __atomic_load_n(&state.unwinding, __ATOMIC_SEQ_CST) != 0) return true;
  }
  return false;
}

void beforeFork() noexcept {
  ensureReady();  // in a child, takes over the state of its own locks
  ++tForksRunning;
  __atomic_fetch_add(&gForksRunning, 1, __ATOMIC_SEQ_CST);
  const ThreadState& own = *tLocals.state;
  // A signal handler that forks may have interrupted its own thread's unwinding.
  int patience = own.unwinding != 0 ? 0 : kForkPatience;
  for (; patience > 0 && othersUnwind(own); --patience) sched_yield();
  gLocksFree = patience > 0;
}

void afterForkInParent() noexcept {
  --tForksRunning;
  if (__atomic_load_n(&gForksRunning, __ATOMIC_SEQ_CST) == 1) gLocksFree = false;
  __atomic_fetch_sub(&gForksRunning, 1, __ATOMIC_SEQ_CST);
}

void afterForkInChild() noexcept {
  tForksRunning = 0;
  gForksRunning = 0;
}

// How many frames are the shim's own: those before the hook's caller. All, when the caller is not found.
uint32_t ownFrames(const uint64_t* frames, uint32_t count, const void* caller) noexcept {
  for (uint32_t i = 0; i < count && i < kOwnFrames; ++i) {
    if (frames[i] == reinterpret_cast<uint64_t>(caller)) return i;
  }
  return count;
}

}  // namespace

void prepareCapture() noexcept {
  const int error = pthread_atfork(beforeFork, afterForkInParent, afterForkInChild);
  if (error != 0) fail("cannot watch forks", "pthread_atfork", error);
  prepareUnwinder();
}

// The exchange and the loads after it pair with those of beforeFork: one of the two sees the other.
bool beginCapture(ThreadState& thread) noexcept {
  const bool hasSlot = &thread != &gForkLocal->shared;
  if (!hasSlot || thread.unwinding != 0 || gForkLocal->mayUnwind == 0 || !unwinderIsReady()) return false;
  for (;;) {
    __atomic_exchange_n(&thread.unwinding, 1, __ATOMIC_SEQ_CST);
    const bool forks = __atomic_load_n(&gForksRunning, __ATOMIC_SEQ_CST) != 0;
    if (__builtin_expect(!forks || tForksRunning != 0, 1)) return true;
    endCapture(thread);
    sched_yield();
  }
}

void endCapture(ThreadState& thread) noexcept { __atomic_store_n(&thread.unwinding, 0, __ATOMIC_RELEASE); }

CapturedStack trimCapture(const ThreadState& thread, uint32_t count, const void* caller) noexcept {
  constexpr uint32_t kMax = sizeof thread.frames / sizeof thread.frames[0];
  const uint32_t own = ownFrames(thread.frames, count, caller);
  const uint32_t rest = count - own;
  if (rest <= layout::kFramesPerStack) return {thread.frames + own, rest, count == kMax};
  return {thread.frames + own, layout::kFramesPerStack, true};
}

bool unwindLocksAreFree() noexcept { return gLocksFree; }

}  // namespace leakgate::shim
