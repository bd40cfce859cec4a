// Allocate and free as all hooks do it.
#pragma once

#include <stddef.h>

#include "shim/recording.hpp"

namespace leakgate::shim {

/// Tells of a block that the allocator gave, nullptr when it gave none; answers it.
///
/// To be called with LEAKGATE_HOOK_FRAME itself after the allocator has been: taken before, it would cost a
/// register.
[[gnu::always_inline]] inline void* noted(void* block, size_t bytes, HookFrame hook) noexcept {
  if (__builtin_expect(block == nullptr, 0)) return block;
  if (__builtin_expect(noteQuickly(block, bytes, hook), 1)) return block;
  block = noteAllocation(block, bytes, hook);
  asm("" : "+r"(block));  // or it would be jumped to, when the hook has given up its frame
  return block;
}

/// malloc, before it is noted. nullptr when there is no memory.
[[gnu::always_inline]] inline void* allocate(size_t bytes) noexcept { return gNext.malloc(sizeToAsk(bytes)); }

/// free. nullptr and boot blocks are ignored.
[[gnu::always_inline]] inline void release(void* block) noexcept {
  if (__builtin_expect(!noteFreeQuickly(block), 0)) return releaseFully(block);
  gNext.free(block);
}

}  // namespace leakgate::shim
