// A map of strings that owns none of them, with the manners of Zig's StringHashMap: the audited code was
// written against it, and two of its leaks come from these manners.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace specimen {

/// A string on the heap without an owner: dropping it leaks it.
struct RawString {
  char* data = nullptr;
  std::size_t size = 0;
  std::string_view view() const { return {data, size}; }
};

/// `text`, copied to `memory` of its size: Zig's `allocator.dupe(u8, text)`, except that the caller
/// allocates, so that reports name the caller.
inline RawString copyTo(char* memory, std::string_view text) {
  text.copy(memory, text.size());
  return {memory, text.size()};
}

inline void release(RawString& text) {
  delete[] text.data;
  text = {};
}

/// Keys and values in order of arrival.
class StringMap {
 public:
  struct Entry {
    RawString key;
    RawString value;
  };

  /// What a put() left without a place in the map.
  struct Displaced {
    RawString key;    ///< the *new* key: a key that is there already stays
    RawString value;  ///< the old value
  };

  Displaced put(RawString key, RawString value) {
    for (Entry& entry : entries_) {
      if (entry.key.view() != key.view()) continue;
      const RawString old = entry.value;
      entry.value = value;
      return {key, old};
    }
    entries_.push_back({key, value});
    return {};
  }

  std::string_view get(std::string_view key) const {
    for (const Entry& entry : entries_) {
      if (entry.key.view() == key) return entry.value.view();
    }
    return {};
  }

  /// As clearRetainingCapacity(): forgets the entries, frees no string.
  void clear() { entries_.clear(); }

  std::vector<Entry>& entries() { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace specimen
