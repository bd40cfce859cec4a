// Captures the call stack of an allocation, also in signal handlers, during forks and in the unwinder.
#pragma once

#include <stdint.h>

#include "shim/thread_state.hpp"
#include "shim/unwind/unwinder.hpp"

namespace leakgate::shim {

struct CapturedStack {
  const uint64_t* frames;  ///< valid until the thread's next capture
  uint32_t count;          ///< 0: not unwound
  bool truncated;
};

/// Loads the unwinder and watches forks. Once per program, from the shim's constructor.
void prepareCapture() noexcept;

/// Whether the thread may unwind now; if so, endCapture() must follow. While another thread forks, it waits.
bool beginCapture(ThreadState& thread) noexcept;
void endCapture(ThreadState& thread) noexcept;

/// Of the `count` frames in thread.frames, those from `caller` outwards.
CapturedStack trimCapture(const ThreadState& thread, uint32_t count, const void* caller) noexcept;

/// The stack from `caller` (the return address of a hook) outwards, at most layout::kFramesPerStack frames.
///
/// Not unwound: the unwinder's own allocations, a signal handler that interrupted it, threads without a slot,
/// anything before prepareCapture(), and a child that was not made by fork() (but by a bare clone), in which
/// the unwinder's locks may stay taken. Inline, like captureStack().
[[gnu::always_inline]] inline CapturedStack captureCallers(ThreadState& thread, const void* caller) noexcept {
  if (!beginCapture(thread)) return {};
  const size_t count = captureStack(thread.frames, sizeof thread.frames / sizeof thread.frames[0]);
  endCapture(thread);
  return trimCapture(thread, static_cast<uint32_t>(count), caller);
}

/// In a child of fork: whether no thread of the parent was unwinding at the fork, so that no lock is taken.
bool unwindLocksAreFree() noexcept;

}  // namespace leakgate::shim
