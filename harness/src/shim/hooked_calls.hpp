// Allocating and freeing, as all hooks do it.
#pragma once

#include <stddef.h>

#include "shim/recording.hpp"

namespace leakgate::shim {

/// Records a block that the allocator returned, and returns it; nullptr is passed through.
///
/// Call the allocator first, and pass LEAKGATE_HOOK_FRAME itself: taken earlier, the frame would cost a
/// register.
[[gnu::always_inline]] inline void* noted(void* block, size_t bytes, HookFrame hook) noexcept {
  if (__builtin_expect(block == nullptr, 0)) return block;
  if (__builtin_expect(noteQuickly(block, bytes, hook), 1)) return block;
  block = noteAllocation(block, bytes, hook);
  asm("" : "+r"(block));  // prevents a tail call, before which the hook would give up its frame
  return block;
}

/// malloc, not yet recorded. nullptr when there is no memory.
[[gnu::always_inline]] inline void* allocate(size_t bytes) noexcept { return gNext.malloc(sizeToAsk(bytes)); }

/// free. nullptr and boot blocks are ignored.
[[gnu::always_inline]] inline void release(void* block) noexcept {
  if (__builtin_expect(!noteFreeQuickly(block), 0)) return releaseFully(block);
  gNext.free(block);
}

}  // namespace leakgate::shim
