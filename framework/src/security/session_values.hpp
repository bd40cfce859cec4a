// The names and values of a session, and the record that keeps them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "h3http/arena.hpp"

namespace h3::security {

/// Names and values in an arena.
///
///     record:  | 1 | start 8 | name size 2 | value size 4 | name | value | name size 2 | ...
///
/// A name that is set again reuses its memory when the value fits, else takes twice as much: so a long event that sets
/// one name again and again takes at most four times its largest value. Errors: std::length_error beyond maxBytes (names
/// and values) or kMaxNames. Numbers in a record are big-endian.
class SessionValues {
 public:
  static constexpr std::uint32_t kMaxNames = 64;
  static constexpr std::size_t kMaxNameBytes = 256;
  static constexpr std::size_t kHeadBytes = 1 + 8;
  static constexpr std::size_t kEntryHeadBytes = 2 + 4;
  /// Of the largest record of values that have `bytes` together.
  static constexpr std::size_t maxRecordBytes(std::size_t bytes) {
    return kHeadBytes + kMaxNames * kEntryHeadBytes + bytes;
  }

  std::optional<std::string_view> find(std::string_view name) const;
  void set(Arena& arena, std::string_view name, std::string_view value, std::size_t maxBytes);
  /// Returns whether the name was there.
  bool erase(std::string_view name);
  void clear() { *this = SessionValues{}; }
  bool empty() const { return size_ == 0; }

  std::string_view record(std::int64_t startSeconds, Arena& arena) const;
  /// Takes over the values of a record, as views into it; returns its start. nullopt for what is no record.
  std::optional<std::int64_t> read(std::string_view record, Arena& arena);

 private:
  struct Entry {
    std::string_view name;
    char* value;
    std::uint32_t valueBytes;
    std::uint32_t capacityBytes;
  };

  Entry* locate(std::string_view name) const;
  Entry& append(Arena& arena, std::string_view name);

  Entry* entries_ = nullptr;
  std::uint32_t size_ = 0;
  std::uint32_t capacity_ = 0;
  std::size_t bytes_ = 0;  ///< of names and values
};

}  // namespace h3::security
