// Finds the site of an allocation's call stack, and the stack of any other call, by the verified cache or by
// libunwind.
#pragma once

#include <stdint.h>

#include "shim/thread_state.hpp"
#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Whether frame rules support this CPU. Elsewhere libunwind walks the stacks.
#if defined(__x86_64__)
inline constexpr bool kHasFrameRules = true;
#else
inline constexpr bool kHasFrameRules = false;
#endif

/// Once per program, before the first siteOfStack. byRules: needs kHasFrameRules.
void prepareStackSites(bool byRules) noexcept;

/// From the shim's constructor: what libunwind needs, if it is used.
void prepareStackSitesLate() noexcept;

/// The site of a call stack and attributes (see findSite); 0 when there is no stack, which the audit counts:
/// the stack table is full, or the stack cannot be walked here and now (a signal handler interrupts this;
/// with libunwind, see captureCallers).
uint32_t siteOfStack(ThreadState& thread, const CallerFrame& caller, uint64_t attributes) noexcept;

/// The stack of a call that is not an allocation, as returned by internStack; 0 when there is none, which is
/// counted as above. Safe in a signal handler, wherever it interrupts this thread.
uint64_t stackOfCall(const CallerFrame& caller) noexcept;

}  // namespace leakgate::shim
