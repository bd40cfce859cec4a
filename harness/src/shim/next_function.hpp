// Hooks under their C names without their C declarations, and the function that each one passes on to.
#pragma once

#include "shim/fatal.hpp"
#include "shim/next_allocator.hpp"
#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// The function that the program would have called. Looked up at the first call; two threads find the same.
template <typename Function>
Function* nextFunction(Function*& slot, const char* name) noexcept {
  Function* known = __atomic_load_n(&slot, __ATOMIC_RELAXED);
  if (__builtin_expect(known != nullptr, 1)) return known;
  known = reinterpret_cast<Function*>(findNext(name));
  if (known == nullptr) fail("the program has no such function", name, 0);
  __atomic_store_n(&slot, known, __ATOMIC_RELAXED);
  return known;
}

}  // namespace leakgate::shim

/// Defines the hook `name`; in it next(...) is the real function. The declarations of libc differ in noexcept
/// and attributes from release to release, so the hook has its own name and shares only the symbol with the
/// real function.
#define LEAKGATE_HOOK(result, name, ...)                                                        \
  extern "C" [[gnu::visibility("default")]] result leakgate_##name(__VA_ARGS__) __asm__(#name); \
  [[maybe_unused]] static decltype(&leakgate_##name) gNext_##name;                              \
  extern "C" result leakgate_##name(__VA_ARGS__)

#define LEAKGATE_NEXT(name) ::leakgate::shim::nextFunction(gNext_##name, #name)
/// The caller of the hook that uses this. By value: a tail call would give up the frame that it is read from.
#define LEAKGATE_CALLER (LEAKGATE_HOOK_FRAME.caller())
