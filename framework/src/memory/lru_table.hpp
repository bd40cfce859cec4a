// A bounded table whose least recently used entry makes way.
#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace h3 {

/// Up to `capacity` entries by key, in the order of their use.
///
/// A key is words of a hash that clients cannot choose; its first word selects the chain. Lifetime: a pointer is valid
/// until its entry is erased. Allocates: in the constructor only; memory of entries that were never used is not touched.
/// Threads: one owner. The caller evicts: when full(), erase oldest() before insert().
template <std::size_t kKeyWords, class Value>
class LruTable {
 public:
  using Key = std::array<std::uint64_t, kKeyWords>;

  struct Entry {
    Key key;
    Value value;

   private:
    friend LruTable;
    std::uint32_t chain_ = kNone;  ///< next of its bucket, or of the free list
    std::uint32_t newer_ = kNone;
    std::uint32_t older_ = kNone;
  };

  /// `capacity`: 1 to 2^31.
  explicit LruTable(std::uint32_t capacity)
      : capacity_(capacity),
        bucketMask_(std::bit_ceil(capacity) - 1),
        buckets_(bucketMask_ + std::size_t{1}, kNone) {
    entries_.reserve(capacity);
  }

  std::uint32_t size() const noexcept { return size_; }
  std::uint32_t capacity() const noexcept { return capacity_; }
  bool full() const noexcept { return size_ == capacity_; }

  /// The entry, which becomes the newest; nullptr when there is none.
  Entry* find(const Key& key) noexcept {
    for (std::uint32_t i = bucketOf(key); i != kNone; i = entries_[i].chain_) {
      if (entries_[i].key != key) continue;
      unlink(i);
      linkNewest(i);
      return &entries_[i];
    }
    return nullptr;
  }

  /// The least recently used entry; nullptr when the table is empty.
  Entry* oldest() noexcept { return oldest_ == kNone ? nullptr : &entries_[oldest_]; }

  /// Adds a key that is not in the table, which is not full.
  Entry& insert(const Key& key) noexcept {
    assert(!full());
    std::uint32_t i = free_;
    if (i == kNone) {
      i = static_cast<std::uint32_t>(entries_.size());
      entries_.emplace_back();
    } else {
      free_ = entries_[i].chain_;
    }
    Entry& entry = entries_[i];
    entry.key = key;
    entry.value = Value{};
    entry.chain_ = bucketOf(key);
    bucketOf(key) = i;
    linkNewest(i);
    ++size_;
    return entry;
  }

  void erase(Entry& entry) noexcept {
    const auto index = static_cast<std::uint32_t>(&entry - entries_.data());
    std::uint32_t* link = &bucketOf(entry.key);
    while (*link != index) link = &entries_[*link].chain_;
    *link = entry.chain_;
    unlink(index);
    entry.chain_ = free_;
    free_ = index;
    --size_;
  }

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::uint32_t& bucketOf(const Key& key) noexcept { return buckets_[key[0] & bucketMask_]; }

  void linkNewest(std::uint32_t i) noexcept {
    entries_[i].newer_ = kNone;
    entries_[i].older_ = newest_;
    (newest_ == kNone ? oldest_ : entries_[newest_].newer_) = i;
    newest_ = i;
  }

  void unlink(std::uint32_t i) noexcept {
    const Entry& entry = entries_[i];
    (entry.newer_ == kNone ? newest_ : entries_[entry.newer_].older_) = entry.older_;
    (entry.older_ == kNone ? oldest_ : entries_[entry.older_].newer_) = entry.newer_;
  }

  std::uint32_t capacity_;
  std::uint32_t bucketMask_;
  std::uint32_t size_ = 0;
  std::uint32_t newest_ = kNone;
  std::uint32_t oldest_ = kNone;
  std::uint32_t free_ = kNone;
  std::vector<std::uint32_t> buckets_;  ///< first entry of each chain
  std::vector<Entry> entries_;
};

}  // namespace h3
