// The allocator that the program would have without the shim.
#pragma once

#include <stddef.h>
#include <stdint.h>

namespace leakgate::shim {

/// Entry points of the next allocator. Until resolveNext() they are boot
/// stubs, so that no hook needs a check.
struct NextAllocator {
  void* (*malloc)(size_t);
  void* (*calloc)(size_t, size_t);
  void* (*realloc)(void*, size_t);
  void (*free)(void*);
  void* (*alignedAlloc)(size_t, size_t);
  int (*posixMemalign)(void**, size_t, size_t);
  void* (*memalign)(size_t, size_t);
  void* (*valloc)(size_t);
  void* (*pvalloc)(size_t);
  size_t (*usableSize)(void*);  ///< returns 0 when the allocator does not report it
};
[[gnu::visibility("hidden")]] extern NextAllocator gNext;

/// Whether it is glibc's malloc, which writes the size of a block into the word before it.
bool writesHeads() noexcept;

/// Usable bytes of a live block of glibc's malloc, without the call that would be half of depth count's cost.
/// The word before the block has the chunk's bytes and three flags; the second flag says that the chunk is a
/// mapping of its own, which ends with the block. Other chunks end one word later.
inline size_t usableSizeByHead(const void* block) noexcept {
  const size_t head = static_cast<const size_t*>(block)[-1];
  return (head & ~size_t{7}) - sizeof(size_t) - (head & 2) * 4;
}

/// Looks the next allocator up. False while this same thread is already doing so (dlsym allocates): then only
/// the boot arena can serve it. Aborts when another malloc comes before the shim's, because then the program
/// bypasses the shim.
bool resolveNext() noexcept;

/// Whether the allocator reports the usable size of a block.
bool tellsUsableSize() noexcept;

/// Address of the next function of that name, nullptr when there is none.
void* findNext(const char* name) noexcept;

/// Whether the function lies in the same file as the allocator's malloc: then
/// it does not call the shim's malloc.
bool belongsToAllocator(void* function) noexcept;

/// Serves dlsym's own allocations before the next allocator is known. These blocks are neither counted nor
/// freed.
inline constexpr size_t kBootArenaBytes = 16384;
[[gnu::visibility("hidden")]] extern char gBootArena[kBootArenaBytes];

inline bool isBootBlock(const void* block) noexcept {
  return reinterpret_cast<uintptr_t>(block) - reinterpret_cast<uintptr_t>(gBootArena) < kBootArenaBytes;
}

/// The bytes to request from the allocator. mimalloc and jemalloc place 8-byte blocks 8 bytes apart, but the
/// shadow table has one entry per 16 bytes.
constexpr size_t sizeToAsk(size_t bytes) noexcept { return bytes <= 8 ? 16 : bytes; }

}  // namespace leakgate::shim
