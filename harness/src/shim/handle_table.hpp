// Finds the place that opened a handle: a mapping by its address, a thread by its pthread_t.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shim/resource_sites.hpp"

namespace leakgate::shim {

/// Open addressing with linear probing. Starts small and doubles when it is half full: each child of fork has
/// its pages too, and handles are spread over all of them. The kernel allows 65,530 mappings by default, but
/// joins neighbours: a server that leaked one page per request had 80,000. Threads: one at a time.
class HandleTable {
 public:
  struct Entry {
    uint64_t key;  ///< 0: empty
    uint64_t bytes;
    ResourceId site;
  };

  static constexpr unsigned kFirstSlotsLog2 = 9;
  static constexpr unsigned kMaxSlotsLog2 = 20;
  static constexpr uint32_t kCapacity = 1u << (kMaxSlotsLog2 - 1);

  /// Once. Aborts when there is no address space.
  void prepare() noexcept;

  /// False when the table is full.
  bool put(const Entry& entry) noexcept;
  /// Valid until the next call. nullptr when there is none.
  Entry* find(uint64_t key) noexcept;
  void erase(Entry* entry) noexcept;

  /// Any entry that overlaps the addresses [first, end). Looks at every slot.
  Entry* findOverlap(uint64_t first, uint64_t end) noexcept;

  /// Any entry with that many `bytes`. Looks at every slot too.
  Entry* findBytes(uint64_t bytes) noexcept;

 private:
  uint64_t home(uint64_t key) const noexcept { return (key * 0x9e3779b97f4a7c15ULL) >> (64 - slotsLog2_); }
  uint64_t mask() const noexcept { return (uint64_t{1} << slotsLog2_) - 1; }
  Entry* slots() const noexcept { return slotsOf(slotsLog2_); }
  /// The tables of all sizes are one behind the other.
  Entry* slotsOf(unsigned log2) const noexcept {
    return memory_ + ((uint64_t{1} << log2) - (uint64_t{1} << kFirstSlotsLog2));
  }
  void insert(const Entry& entry) noexcept;
  [[gnu::cold]] void grow() noexcept;

  Entry* memory_ = nullptr;
  unsigned slotsLog2_ = kFirstSlotsLog2;
  uint32_t count_ = 0;
};

}  // namespace leakgate::shim
