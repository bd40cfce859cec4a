// Walks the call stack of the running thread. Guarded and trimmed by stack_capture.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace leakgate::shim {

/// Makes captureStack ready; once per program, when libraries may be loaded: from the shim's constructor.
/// Aborts when it cannot.
void prepareUnwinder() noexcept;

/// Whether prepareUnwinder has been called.
bool unwinderIsReady() noexcept;

/// unw_backtrace; nullptr until prepareUnwinder.
[[gnu::visibility("hidden")]] extern int (*gBacktrace)(void**, int);

/// The return addresses of the stack, innermost first, starting at a frame of the shim's own. Returns how
/// many; `max` when there may be more. May allocate and take locks: call captureCallers() instead. Inline,
/// because each frame of the shim is walked through as well.
[[gnu::always_inline]] inline size_t captureStack(uint64_t* frames, size_t max) noexcept {
  const int count = gBacktrace(reinterpret_cast<void**>(frames), static_cast<int>(max));
  return count > 0 ? static_cast<size_t>(count) : 0;
}

/// Forgets cached data of unloaded code.
void forgetUnloadedCode() noexcept;

}  // namespace leakgate::shim
