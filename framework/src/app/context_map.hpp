// The keys and values that setContext and setParam store: all memory comes from the event's arena.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "h3http/arena.hpp"

namespace h3 {

/// A small string-to-string map in an arena.
///
/// Keys and values are copied in. A key that is set again reuses its slot when the new value fits; a value
/// that does not fit grows in place when it is the last one in the arena, and otherwise moves to a slot of
/// twice the size. So a key that is set again and again takes at most twice its largest value, or four times
/// with other allocations in between. Lookup: linear up to kLinearKeys keys, hashed beyond. Lifetime: views
/// are valid until the same key is set again or the arena is reset. Errors: set() throws std::length_error
/// beyond maxKeys, std::bad_alloc beyond the arena's limit.
class ContextMap {
 public:
  static constexpr std::uint32_t kLinearKeys = 16;

  void set(Arena& arena, std::string_view key, std::string_view value, std::uint32_t maxKeys);
  std::optional<std::string_view> find(std::string_view key) const {
    if (size_ == 0) return std::nullopt;
    return findAmongSome(key);
  }
  std::uint32_t size() const { return size_; }

  /// Forgets all; O(1). The arena is reset by its owner.
  void clear() { *this = ContextMap{}; }

 private:
  struct Slot {
    const char* key;
    char* value;
    std::uint32_t keyBytes;
    std::uint32_t valueBytes;
    std::uint32_t capacityBytes;
    std::uint32_t hash;
  };

  std::optional<std::string_view> findAmongSome(std::string_view key) const;
  Slot* locate(std::string_view key, std::uint32_t hash) const;
  void assign(Arena& arena, Slot& slot, std::string_view value);
  Slot& append(Arena& arena, std::string_view key, std::uint32_t hash);
  void growSlots(Arena& arena);
  void rebuildIndex(Arena& arena);
  void insertIntoIndex(std::uint32_t position);

  Slot* slots_ = nullptr;
  std::uint32_t* index_ = nullptr;  // open addressing, positions + 1, 0 is empty; absent up to kLinearKeys
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t indexMask_ = 0;
};

}  // namespace h3
