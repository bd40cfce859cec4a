// The malloc family, each call with its own sizes.
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <array>

#include "h3http/alloc_scope.h"
#include "probe/command.hpp"

// Private entries of the allocator, which no shim sees.
extern "C" void* __libc_malloc(size_t bytes);
extern "C" void __libc_free(void* block);
extern "C" void* mi_malloc(size_t bytes) __attribute__((weak));
extern "C" void mi_free(void* block) __attribute__((weak));

namespace {

// Volatile, or the compiler sees what is meant to fail.
volatile size_t gTooMuch = PTRDIFF_MAX;
volatile size_t gHalfOfAll = SIZE_MAX / 2;

std::array<void*, 3> gKept;
std::array<void*, 4> gUsable;
constexpr size_t kUsableSum = 24 + 56 + 1000 + (size_t{1} << 20) + 4080;  // of glibc
leakgate_scope gOuter = {"outer", 0};
leakgate_scope gInner = {"inner", 0};
std::array<leakgate_scope, 300> gManyScopes;
std::array<char[16], 300> gManyNames;

}  // namespace

extern "C" {

void probe_malloc() { free(malloc(17)); }
void probe_malloc_zero() { free(malloc(0)); }
void probe_malloc_fails() { free(malloc(gTooMuch)); }
void probe_free_null() { free(nullptr); }
void probe_calloc() { free(calloc(3, 7)); }
void probe_calloc_overflow() { free(calloc(gHalfOfAll, 4)); }
void probe_realloc_null() { free(realloc(nullptr, 10)); }
void probe_realloc_grow() { free(realloc(malloc(10), 100000)); }
void probe_realloc_shrink() { free(realloc(malloc(1000), 10)); }
void probe_realloc_zero() { free(realloc(malloc(10), 0)); }
void probe_realloc_fails() {
  void* block = malloc(10);
  if (realloc(block, gTooMuch) == nullptr) free(block);
}
void probe_realloc_fails_large() {
  void* block = malloc(5000);
  if (realloc(block, gTooMuch) == nullptr) free(block);
}
void probe_reallocarray() { free(reallocarray(malloc(10), 4, 25)); }
void probe_reallocarray_overflow() {
  void* block = malloc(10);
  if (reallocarray(block, gHalfOfAll, 4) == nullptr) free(block);
}
void probe_aligned_alloc() { free(aligned_alloc(64, 128)); }
void probe_memalign() { free(memalign(64, 100)); }
void probe_posix_memalign() {
  void* block = nullptr;
  if (posix_memalign(&block, 32, 50) == 0) free(block);
}
void probe_posix_memalign_fails() {
  void* block = nullptr;
  if (posix_memalign(&block, 3, 50) == 0) free(block);
}
void probe_valloc() { free(valloc(100)); }
void probe_pvalloc() { free(pvalloc(100)); }
void probe_strdup() { free(strdup("hello")); }
void probe_strndup() { free(strndup("hello world", 7)); }

void probe_huge() { free(malloc((size_t{1} << 31) + 5000)); }

// Up to 2,047 bytes a size is kept with the block's id, above it apart.
void probe_size_limits() {
  std::array<void*, 6> blocks{malloc(1024), malloc(1025), malloc(2047),
                              malloc(2048), malloc(2049), malloc(65536)};
  for (void* block : blocks) free(block);
}

// 8-byte blocks are 8 bytes apart in some allocators; the shim must still distinguish them.
void probe_tiny() {
  std::array<void*, 100> blocks;
  for (void*& block : blocks) block = malloc(1);
  for (void*& block : blocks) block = realloc(block, 8);
  for (void* block : blocks) free(block);
}

void probe_keep() {
  for (void*& block : gKept) block = malloc(40);
}
void probe_drop() {
  for (void*& block : gKept) free(block);
}
void probe_drop_one() { free(gKept[0]); }

// Of small blocks, and of one that is a separate mapping: by the allocator itself.
void probe_keep_usable() {
  gUsable = {malloc(1), malloc(41), malloc(1000), malloc(size_t{1} << 20)};
  size_t sum = 0;
  for (void* block : gUsable) sum += malloc_usable_size(block);
  if (sum != kUsableSum) abort();
}
void probe_drop_usable() {
  for (void* block : gUsable) free(block);
}

void probe_foreign_free() { free(mi_malloc != nullptr ? mi_malloc(24) : __libc_malloc(24)); }

// Until a block gets the address of the first one.
void probe_hidden_free() {
  static std::array<void*, 100000> blocks;
  void* const first = malloc(24);
  mi_free != nullptr ? mi_free(first) : __libc_free(first);
  size_t count = 0;
  do {
    if (count == blocks.size()) abort();
    blocks[count] = malloc(24);
  } while (blocks[count++] != first);
  while (count > 0) free(blocks[--count]);
}

// Two large neighbours, and then a block that begins where the shim keeps the size of the second one.
void probe_hidden_free_of_large() {
  auto* const first = static_cast<char*>(malloc(50000));
  auto* const second = static_cast<char*>(malloc(50000));
  void* const behind = malloc(50000);
  if (second != first + 50016) abort();
  __libc_free(second);
  __libc_free(first);
  void* const longer = malloc(50016);
  void* const beside = malloc(40000);
  if (longer != first || beside != second + 16) abort();
  free(longer);
  free(beside);
  free(behind);
}

void probe_scopes() {
  h3::AllocScope outer(gOuter);
  free(malloc(1));
  {
    h3::AllocScope inner(gInner);
    free(malloc(10));
    free(malloc(10));
  }
  free(malloc(100));
}

void probe_many_scopes() {
  for (size_t i = 0; i < gManyScopes.size(); ++i) {
    char* name = gManyNames[i];
    memcpy(name, "scope 000", 10);
    name[6] = static_cast<char>('0' + i / 100);
    name[7] = static_cast<char>('0' + i / 10 % 10);
    name[8] = static_cast<char>('0' + i % 10);
    gManyScopes[i] = {name, 0};
    h3::AllocScope scope(gManyScopes[i]);
    free(malloc(5));
  }
}

void probe_sizes() {
  for (size_t bytes = 0; bytes < 1500; ++bytes) free(malloc(bytes));
}

}  // extern "C"

std::span<const Command> allocationCommands() {
  static constexpr Command kCommands[] = {
      {"malloc", probe_malloc},
      {"malloc_zero", probe_malloc_zero},
      {"malloc_fails", probe_malloc_fails},
      {"free_null", probe_free_null},
      {"calloc", probe_calloc},
      {"calloc_overflow", probe_calloc_overflow},
      {"realloc_null", probe_realloc_null},
      {"realloc_grow", probe_realloc_grow},
      {"realloc_shrink", probe_realloc_shrink},
      {"realloc_zero", probe_realloc_zero},
      {"realloc_fails", probe_realloc_fails},
      {"reallocarray", probe_reallocarray},
      {"reallocarray_overflow", probe_reallocarray_overflow},
      {"aligned_alloc", probe_aligned_alloc},
      {"memalign", probe_memalign},
      {"posix_memalign", probe_posix_memalign},
      {"posix_memalign_fails", probe_posix_memalign_fails},
      {"valloc", probe_valloc},
      {"pvalloc", probe_pvalloc},
      {"strdup", probe_strdup},
      {"strndup", probe_strndup},
      {"huge", probe_huge},
      {"size_limits", probe_size_limits},
      {"realloc_fails_large", probe_realloc_fails_large},
      {"tiny", probe_tiny},
      {"keep", probe_keep},
      {"drop", probe_drop},
      {"drop_one", probe_drop_one},
      {"keep_usable", probe_keep_usable},
      {"drop_usable", probe_drop_usable},
      {"foreign_free", probe_foreign_free},
      {"hidden_free", probe_hidden_free},
      {"hidden_free_of_large", probe_hidden_free_of_large},
      {"scopes", probe_scopes},
      {"many_scopes", probe_many_scopes},
      {"sizes", probe_sizes},
  };
  return kCommands;
}
