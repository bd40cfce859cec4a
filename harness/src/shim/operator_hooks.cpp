// operator new and delete, in all their forms. They call the allocator directly, so
// that the caller is the program and not the C++ library, and because allocators
// such as mimalloc bring their own, which would bypass malloc.
#include <new>

#include "shim/fatal.hpp"
#include "shim/hooked_calls.hpp"

namespace leakgate::shim {
namespace {

// Only the C++ library can run the program's new-handler and throw. It calls the shim's malloc again, which
// counts the block; an allocator's own operator new does not.
void* findNextNew(const char* name) {
  void* next = findNext(name);
  if (next == nullptr) fail("out of memory, and there is no next operator new", name, 0);
  return next;
}

template <typename... Arguments>
void* callNextNew(const char* name, size_t bytes, HookFrame hook, Arguments... arguments) {
  void* next = findNextNew(name);
  const bool bypasses = belongsToAllocator(next);
  const size_t asked = bypasses ? sizeToAsk(bytes) : bytes;
  void* block = reinterpret_cast<void* (*)(size_t, Arguments...)>(next)(asked, arguments...);
  if (block != nullptr && bypasses) noteAllocation(block, bytes, hook);
  return block;
}

// A request of zero bytes asks for 16 too, so a null block always means that there is no memory.
inline void* allocateAligned(size_t bytes, std::align_val_t alignment, HookFrame hook) noexcept {
  const auto align = static_cast<size_t>(alignment);
  // Rounded up, as the C++ library does: aligned_alloc may insist on a multiple.
  const size_t asked = (sizeToAsk(bytes) + align - 1) & ~(align - 1);
  void* block = asked >= bytes ? gNext.alignedAlloc(align, asked) : nullptr;
  return noted(block, bytes, hook);
}

}  // namespace
}  // namespace leakgate::shim

using namespace leakgate::shim;

#pragma GCC visibility push(default)

void* operator new(size_t bytes) {
  void* block = allocate(bytes);
  block = noted(block, bytes, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1) ? block : callNextNew("_Znwm", bytes, LEAKGATE_HOOK_FRAME);
}

void* operator new[](size_t bytes) {
  void* block = allocate(bytes);
  block = noted(block, bytes, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1) ? block : callNextNew("_Znam", bytes, LEAKGATE_HOOK_FRAME);
}

void* operator new(size_t bytes, const std::nothrow_t& tag) noexcept {
  void* block = allocate(bytes);
  block = noted(block, bytes, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew<const std::nothrow_t&>("_ZnwmRKSt9nothrow_t", bytes, LEAKGATE_HOOK_FRAME, tag);
}

void* operator new[](size_t bytes, const std::nothrow_t& tag) noexcept {
  void* block = allocate(bytes);
  block = noted(block, bytes, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew<const std::nothrow_t&>("_ZnamRKSt9nothrow_t", bytes, LEAKGATE_HOOK_FRAME, tag);
}

void* operator new(size_t bytes, std::align_val_t alignment) {
  void* block = allocateAligned(bytes, alignment, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew("_ZnwmSt11align_val_t", bytes, LEAKGATE_HOOK_FRAME, alignment);
}

void* operator new[](size_t bytes, std::align_val_t alignment) {
  void* block = allocateAligned(bytes, alignment, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew("_ZnamSt11align_val_t", bytes, LEAKGATE_HOOK_FRAME, alignment);
}

void* operator new(size_t bytes, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  void* block = allocateAligned(bytes, alignment, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew<std::align_val_t, const std::nothrow_t&>(
                   "_ZnwmSt11align_val_tRKSt9nothrow_t", bytes, LEAKGATE_HOOK_FRAME, alignment, tag);
}

void* operator new[](size_t bytes, std::align_val_t alignment, const std::nothrow_t& tag) noexcept {
  void* block = allocateAligned(bytes, alignment, LEAKGATE_HOOK_FRAME);
  return __builtin_expect(block != nullptr, 1)
             ? block
             : callNextNew<std::align_val_t, const std::nothrow_t&>(
                   "_ZnamSt11align_val_tRKSt9nothrow_t", bytes, LEAKGATE_HOOK_FRAME, alignment, tag);
}

void operator delete(void* block) noexcept { release(block); }
void operator delete[](void* block) noexcept { release(block); }
void operator delete(void* block, size_t) noexcept { release(block); }
void operator delete[](void* block, size_t) noexcept { release(block); }
void operator delete(void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete[](void* block, const std::nothrow_t&) noexcept { release(block); }
void operator delete(void* block, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, std::align_val_t) noexcept { release(block); }
void operator delete(void* block, size_t, std::align_val_t) noexcept { release(block); }
void operator delete[](void* block, size_t, std::align_val_t) noexcept { release(block); }
void operator delete(void* block, std::align_val_t, const std::nothrow_t&) noexcept { release(block); }
void operator delete[](void* block, std::align_val_t, const std::nothrow_t&) noexcept { release(block); }

#pragma GCC visibility pop
