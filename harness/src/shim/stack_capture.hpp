// The call stack that an allocation came from, wherever that is: in a signal handler, amid forks, in the
// unwinder.
#pragma once

#include <stdint.h>

#include "shim/thread_state.hpp"

namespace leakgate::shim {

struct CapturedStack {
  const uint64_t* frames;  ///< valid until the thread's next capture
  uint32_t count;          ///< 0: not unwound
  bool truncated;
};

/// Loads the unwinder and watches forks. Once per program, from the shim's constructor.
void prepareCapture() noexcept;

/// The stack from `caller` (the return address of a hook) outwards, at most layout::kFramesPerStack frames.
///
/// Not unwound: the unwinder's own allocations, a signal handler that interrupted it, threads without a slot,
/// anything before prepareCapture(), and a child that was made past fork() (by a bare clone), in which the
/// unwinder's locks may be taken for ever. While one thread forks, others wait here.
CapturedStack captureCallers(ThreadState& thread, const void* caller) noexcept;

/// In a child of fork: whether no thread of the parent was unwinding at the fork, so that no lock is taken.
bool unwindLocksAreFree() noexcept;

}  // namespace leakgate::shim
