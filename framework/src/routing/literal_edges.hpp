#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/detail/seeded_hash.hpp"

namespace h3 {

/// All edges of the trie that are labelled with a literal: (node, segment) -> node, in one flat hash table.
///
/// A slot is 32 bytes and holds segments of up to 16 bytes as two words, so that most comparisons need no
/// other memory. The hash has no secret: only routes are inserted, and those are the application's own.
/// Allocates: insert() only.
class LiteralEdges {
 public:
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  LiteralEdges();

  /// kNone when there is no such edge.
  std::uint32_t find(std::uint32_t parent, std::string_view segment) const noexcept {
    const Slot key = keyOf(parent, segment);
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t i = hashOf(key) & mask; slots_[i].child != kNone; i = (i + 1) & mask) {
      const Slot& slot = slots_[i];
      if (slot.low == key.low && slot.high == key.high && slot.parent == parent &&
          slot.length == key.length && (segment.size() <= kWordsHold || textOf(slot) == segment))
        return slot.child;
    }
    return kNone;
  }

  /// Calls `see(parent, segment, child)` for each edge, in no particular order. The segment is valid in the
  /// call.
  template <class See>
  void forEach(See&& see) const {
    for (const Slot& slot : slots_)
      if (slot.child != kNone) see(slot.parent, textOf(slot), slot.child);
  }

  /// The edge must not be there yet.
  void insert(std::uint32_t parent, std::string_view segment, std::uint32_t child);

 private:
  struct Slot {
    std::uint64_t low;
    std::uint64_t high;
    std::uint32_t parent;
    std::uint32_t length;
    std::uint32_t child = kNone;
    std::uint32_t textOffset;  ///< In texts_; looked at for segments longer than 16 bytes only.
  };
  static_assert(sizeof(Slot) == 32);

  static constexpr std::size_t kWordsHold = 16;
  static constexpr SeededHash kLongHash{0};

  // Long segments put a hash of all their bytes in place of the words, and the text decides.
  static Slot keyOf(std::uint32_t parent, std::string_view segment) noexcept {
    Slot key{};
    key.parent = parent;
    key.length = static_cast<std::uint32_t>(segment.size());
    if (segment.size() <= kWordsHold) {
      SeededHash::loadUpTo16(segment.data(), segment.size(), key.low, key.high);
    } else {
      key.low = kLongHash(segment);
    }
    return key;
  }

  static std::size_t hashOf(const Slot& key) noexcept {
    const std::uint64_t place = std::uint64_t{key.parent} << 32 | key.length;
    return SeededHash::fold(key.low ^ 0x9E3779B97F4A7C15,
                            key.high ^ (place * 0xD1B54A32D192ED03) ^ 0xA0761D6478BD642F);
  }

  std::string_view textOf(const Slot& slot) const noexcept {
    return std::string_view(texts_).substr(slot.textOffset, slot.length);
  }
  void place(const Slot& slot) noexcept;

  std::vector<Slot> slots_;  ///< Open addressing, a power of two, at most half full.
  std::size_t count_ = 0;
  std::string texts_;
};

}  // namespace h3
