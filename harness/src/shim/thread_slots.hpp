// Thread slots: segment and state of a thread, from its first event to its end.
#pragma once

#include "shim/thread_state.hpp"

namespace leakgate::shim {

/// Once per program, before the first claim.
void prepareThreadEnd() noexcept;

/// Has the shim see the end of the calling thread, also if it never claims a slot.
void watchThreadEnd() noexcept;

/// Gives the calling thread a slot of its own (tLocals) and returns its state. nullptr for a thread that must
/// share one: it is ending, or there is no slot left.
ThreadState* claimThreadState() noexcept;

}  // namespace leakgate::shim
