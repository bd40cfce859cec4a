// Keeps id and size of each live block, by its address. The blocks themselves are not changed.
//
//   root, 16 MiB of addresses      leaf, 16 MiB for 64 MiB of the program's addresses
//   [address >> 26] -------------> [address >> 4 & 0x3fffff]: u32
//
//   31  30      29 .. 19     18 .. 0
//   0   0       bytes        id         a block of up to 2,047 bytes; all zero: no block of ours
//   0   kLarge  bytes >> 31  id         a larger one: the entry of its next 16 bytes has the rest
//   kRest       bytes & 0x7fffffff      that rest
//
// Both are private memory, resident only where used. Sizes of 4 TiB and more are kept as 4 TiB less one. Two
// levels, because one table over the whole address space does not fit under `ulimit -v`.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "region/layout.hpp"

namespace leakgate::shim {

inline constexpr unsigned kAddressBits = 47;
inline constexpr unsigned kLeafBits = 26;
inline constexpr unsigned kGranuleBits = 4;
inline constexpr size_t kGranuleBytes = size_t{1} << kGranuleBits;
inline constexpr size_t kRootEntries = size_t{1} << (kAddressBits - kLeafBits);
inline constexpr size_t kLeafEntries = size_t{1} << (kLeafBits - kGranuleBits);

inline constexpr unsigned kIdBits = 19;
inline constexpr unsigned kRestBits = 31;
inline constexpr uint32_t kIdMask = (1u << kIdBits) - 1;
inline constexpr uint32_t kLarge = 1u << 30;
inline constexpr uint32_t kRest = 1u << 31;
inline constexpr uint64_t kSmallBytes = (1u << (30 - kIdBits)) - 1;
inline constexpr uint64_t kMaxBytes = (uint64_t{1} << (30 - kIdBits + kRestBits)) - 1;
static_assert(layout::counterCapacity(layout::kSiteCapacity) <= kIdMask);
static_assert(kSmallBytes + 1 >= 2 * kGranuleBytes);

[[gnu::visibility("hidden")]] extern uint32_t** gShadowRoot;

/// Once per program.
void prepareShadow() noexcept;

/// Makes the entry of a block that has no leaf yet. nullptr when the address space is used up.
[[gnu::cold]] uint32_t* addEntry(const void* block) noexcept;

/// The entry of a block; nullptr when no block near its address was ever recorded.
inline uint32_t* findEntry(const void* block) noexcept {
  const uint64_t address = reinterpret_cast<uint64_t>(block);
  const uint64_t index = address >> kLeafBits;
  if (__builtin_expect(index >= kRootEntries, 0)) return nullptr;
  uint32_t* leaf = __atomic_load_n(&gShadowRoot[index], __ATOMIC_ACQUIRE);
  return __builtin_expect(leaf != nullptr, 1) ? leaf + (address >> kGranuleBits & (kLeafEntries - 1))
                                              : nullptr;
}

/// The entry of a block, made when there is none. nullptr when that is impossible.
inline uint32_t* makeEntry(const void* block) noexcept {
  uint32_t* entry = findEntry(block);
  return __builtin_expect(entry != nullptr, 1) ? entry : addEntry(block);
}

/// Requested bytes as they are counted, both at allocation and at free.
constexpr uint64_t countedBytes(uint64_t bytes) noexcept { return bytes < kMaxBytes ? bytes : kMaxBytes; }

constexpr uint32_t smallEntry(uint32_t id, uint64_t bytes) noexcept {
  return static_cast<uint32_t>(bytes) << kIdBits | id;
}
constexpr uint32_t largeEntry(uint32_t id, uint64_t bytes) noexcept {
  return kLarge | static_cast<uint32_t>(bytes >> kRestBits) << kIdBits | id;
}
constexpr uint32_t restEntry(uint64_t bytes) noexcept { return kRest | static_cast<uint32_t>(bytes); }

/// Whether the entry belongs to a recorded block and holds its whole size.
constexpr bool isSmallEntry(uint32_t entry) noexcept { return entry - 1 < kLarge - 1; }

constexpr uint32_t idIn(uint32_t entry) noexcept { return entry & kIdMask; }

/// rest: of a large block only.
constexpr uint64_t bytesIn(uint32_t entry, uint32_t rest) noexcept {
  const uint64_t kept = (entry & ~kLarge) >> kIdBits;
  return (entry & kLarge) == 0 ? kept : kept << kRestBits | (rest & ~kRest);
}

static_assert(bytesIn(smallEntry(kIdMask, kSmallBytes), 0) == kSmallBytes);
static_assert(idIn(largeEntry(kIdMask, kMaxBytes)) == kIdMask && largeEntry(kIdMask, kMaxBytes) < kRest);
static_assert(bytesIn(largeEntry(kIdMask, kMaxBytes), restEntry(kMaxBytes)) == kMaxBytes);

}  // namespace leakgate::shim
