// Thread slots: a segment and a state for each thread, from its first event to its end.
#pragma once

#include "shim/thread_state.hpp"

namespace leakgate::shim {

/// Once per program, before the first claim.
void prepareThreadEnd() noexcept;

/// Makes the shim see the end of the calling thread, even if it never claims a slot.
void watchThreadEnd() noexcept;

/// Gives the calling thread its own slot (tLocals) and returns its state. nullptr for a thread that must use
/// the shared one: it is ending, or no slot is left.
ThreadState* claimThreadState() noexcept;

}  // namespace leakgate::shim
