// Which place opened a handle: a mapping by its address, a thread by its pthread_t.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "shim/resource_sites.hpp"

namespace leakgate::shim {

/// Open addressing with linear probing over memory that only touched pages make resident. The kernel allows
/// 65,530 mappings by default, so a full table is rare. Threads: one at a time.
class HandleTable {
 public:
  struct Entry {
    uint64_t key;  ///< 0: empty
    uint64_t bytes;
    ResourceId site;
  };

  static constexpr unsigned kSlotsLog2 = 17;
  static constexpr uint32_t kCapacity = 1u << (kSlotsLog2 - 1);

  /// Aborts without address space. Once.
  void prepare() noexcept;

  /// False when the table is full.
  bool put(const Entry& entry) noexcept;
  /// Valid until the next call. nullptr when there is none.
  Entry* find(uint64_t key) noexcept;
  void erase(Entry* entry) noexcept;

  /// An entry that overlaps [first, end) as addresses, in no order: looks at every slot.
  Entry* findOverlap(uint64_t first, uint64_t end) noexcept;

 private:
  static uint64_t home(uint64_t key) noexcept { return (key * 0x9e3779b97f4a7c15ULL) >> (64 - kSlotsLog2); }

  Entry* slots_ = nullptr;
  uint32_t count_ = 0;
};

}  // namespace leakgate::shim
