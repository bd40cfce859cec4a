// The buckets of a table that only grows: hash -> number of an entry. There is one for sites and one for call
// stacks.
//
//   private memory: buckets (u32, 0 empty), twice as many as entries: one is always empty
//   [top bits of the hash] -> the entry's value, the next bucket on a clash
//
// In ordinary memory, so a child of fork has them as they were at the fork. Reading takes no lock. Adding an
// entry is rare and takes one, so no two entries ever have one key.
#pragma once

#include <errno.h>
#include <stdint.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"

namespace leakgate::shim {

class BucketTable {
 public:
  /// Once per program. Aborts with `refusal` when there is no address space.
  void prepare(uint32_t capacity, const char* refusal) noexcept {
    log2_ = 1;
    while ((uint64_t{1} << log2_) < uint64_t{capacity} * 2) ++log2_;
    buckets_ = static_cast<uint32_t*>(mapPrivate(sizeof(uint32_t) << log2_, AtFork::copy));
    if (buckets_ == nullptr) fail(refusal, "mmap", errno);
  }

  /// Returns the value of the entry for which `holds(value)` is true; 0 when there is none. Any thread,
  /// without a lock.
  template <typename Holds>
  [[gnu::always_inline]] uint32_t find(uint64_t hash, const Holds& holds) const noexcept {
    return __atomic_load_n(bucketOf(hash, holds), __ATOMIC_ACQUIRE);
  }

  /// As find(), but a missing entry is made by append(), which returns its value, or 0 when it cannot.
  template <typename Holds, typename Append>
  uint32_t findOrAppend(uint64_t hash, const Holds& holds, const Append& append) noexcept {
    SpinGuard guard(gForkLocal->tablesLock);
    uint32_t* bucket = bucketOf(hash, holds);
    if (*bucket != 0) return *bucket;
    const uint32_t value = append();
    if (value != 0) __atomic_store_n(bucket, value, __ATOMIC_RELEASE);
    return value;
  }

 private:
  // The bucket that holds the entry, or the empty one where it belongs.
  template <typename Holds>
  [[gnu::always_inline]] uint32_t* bucketOf(uint64_t hash, const Holds& holds) const noexcept {
    const uint64_t mask = (uint64_t{1} << log2_) - 1;
    for (uint64_t at = hash >> (64 - log2_);; at = (at + 1) & mask) {
      const uint32_t value = __atomic_load_n(&buckets_[at], __ATOMIC_ACQUIRE);
      if (value == 0 || holds(value)) return &buckets_[at];
    }
  }

  uint32_t* buckets_ = nullptr;
  unsigned log2_ = 0;
};

}  // namespace leakgate::shim
