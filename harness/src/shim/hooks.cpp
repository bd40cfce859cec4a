// The malloc family. Each hook passes the call on, then records the result;
// its own return address is the caller.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "shim/hooked_calls.hpp"
#include "shim/recording.hpp"

namespace leakgate::shim {
namespace {

// A block that dlsym allocated: it cannot grow in place, and its size is bounded only by the end of the
// arena.
void* reallocateBootBlock(void* block, size_t bytes, HookFrame hook) noexcept {
  void* copy = noted(allocate(bytes), bytes, hook);
  const size_t rest = static_cast<size_t>(gBootArena + kBootArenaBytes - static_cast<char*>(block));
  if (copy != nullptr) memcpy(copy, block, bytes < rest ? bytes : rest);
  return copy;
}

// glibc frees the block, mimalloc and jemalloc return a new smallest one
// (which must not lie 8 bytes from the next).
void* reallocateToNothing(void* block, HookFrame hook) noexcept {
  const TakenBlock taken = takeBlock(block);
  void* result = gNext.realloc(block, 0);
  noteFree(taken);
  if (result == nullptr) return nullptr;
  void* apart = gNext.realloc(result, sizeToAsk(0));
  return noted(apart != nullptr ? apart : result, 0, hook);
}

// Counts as a free at the old site and an allocation at this one.
void* reallocate(void* block, size_t bytes, HookFrame hook) noexcept {
  if (block == nullptr) return noted(allocate(bytes), bytes, hook);
  if (isBootBlock(block)) return reallocateBootBlock(block, bytes, hook);
  if (bytes == 0) return reallocateToNothing(block, hook);
  const TakenBlock taken = takeBlock(block);
  void* result = gNext.realloc(block, sizeToAsk(bytes));
  if (result == nullptr) {
    putBack(block, taken);
    return nullptr;
  }
  noteFree(taken);
  return noted(result, bytes, hook);
}

void* duplicate(const char* text, size_t length, HookFrame hook) noexcept {
  auto* copy = static_cast<char*>(noted(allocate(length + 1), length + 1, hook));
  if (copy == nullptr) return nullptr;
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

}  // namespace
}  // namespace leakgate::shim

using namespace leakgate::shim;

#pragma GCC visibility push(default)
extern "C" {

void* malloc(size_t bytes) noexcept {
  void* block = allocate(bytes);
  return noted(block, bytes, LEAKGATE_HOOK_FRAME);
}

void free(void* block) noexcept { release(block); }

void* calloc(size_t count, size_t bytes) noexcept {
  size_t total = 0;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return nullptr;
  }
  void* block = gNext.calloc(1, sizeToAsk(total));
  return noted(block, total, LEAKGATE_HOOK_FRAME);
}

void* realloc(void* block, size_t bytes) noexcept { return reallocate(block, bytes, LEAKGATE_HOOK_FRAME); }

void* reallocarray(void* block, size_t count, size_t bytes) noexcept {
  size_t total = 0;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return nullptr;
  }
  return reallocate(block, total, LEAKGATE_HOOK_FRAME);
}

void* aligned_alloc(size_t alignment, size_t bytes) noexcept {
  return noted(gNext.alignedAlloc(alignment, sizeToAsk(bytes)), bytes, LEAKGATE_HOOK_FRAME);
}

void* memalign(size_t alignment, size_t bytes) noexcept {
  return noted(gNext.memalign(alignment, sizeToAsk(bytes)), bytes, LEAKGATE_HOOK_FRAME);
}

int posix_memalign(void** block, size_t alignment, size_t bytes) noexcept {
  const int error = gNext.posixMemalign(block, alignment, sizeToAsk(bytes));
  if (error == 0) noted(*block, bytes, LEAKGATE_HOOK_FRAME);
  return error;
}

void* valloc(size_t bytes) noexcept {
  return noted(gNext.valloc(sizeToAsk(bytes)), bytes, LEAKGATE_HOOK_FRAME);
}

void* pvalloc(size_t bytes) noexcept {
  return noted(gNext.pvalloc(sizeToAsk(bytes)), bytes, LEAKGATE_HOOK_FRAME);
}

// Hooked so that the caller is the program and not libc.
char* strdup(const char* text) noexcept {
  return static_cast<char*>(duplicate(text, strlen(text), LEAKGATE_HOOK_FRAME));
}

char* strndup(const char* text, size_t most) noexcept {
  return static_cast<char*>(duplicate(text, strnlen(text, most), LEAKGATE_HOOK_FRAME));
}

}  // extern "C"
#pragma GCC visibility pop
