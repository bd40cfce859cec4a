#pragma once
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "http/ascii_case.hpp"

namespace h3 {

struct HeaderField {
  std::string_view name;
  std::string_view value;
};

/// The fields of one request, as positions in the buffer that holds its head.
///
///     base -> GET / HTTP/1.1\r\nHost: a.example\r\n
///                              ^16  ^22             entry {16, 4, 22, 9}
///
/// Positions, not pointers: when the buffer moves, only rebase() is needed. Fields keep their order,
/// duplicates too. Lifetime: views are valid while the buffer stands at `base`. Allocates: never; room for
/// kCapacity fields.   Threads: one owner.
class HeaderTable {
 public:
  static constexpr std::size_t kCapacity = 100;

  class Iterator {
   public:
    Iterator(const HeaderTable& table, std::size_t index) noexcept : table_(&table), index_(index) {}
    HeaderField operator*() const noexcept { return (*table_)[index_]; }
    Iterator& operator++() noexcept {
      ++index_;
      return *this;
    }
    bool operator==(const Iterator& other) const noexcept { return index_ == other.index_; }

   private:
    const HeaderTable* table_;
    std::size_t index_;
  };

  HeaderTable() noexcept {}  // Not `= default`: deliberately leaves the entries uninitialised.

  /// Sets the buffer's new start. Also sets the base before the first add().
  void rebase(const char* base) noexcept { base_ = base; }

  /// Both views lie in the buffer, within 4 GiB of its base. False, and nothing added, when full.
  bool add(std::string_view name, std::string_view value) noexcept {
    if (count_ == kCapacity) return false;
    entries_[count_++] = {offsetOf(name), lengthOf(name), offsetOf(value), lengthOf(value)};
    return true;
  }

  /// Gives the first field of that name another value, as for add(). Nothing happens when there is none.
  void setFirst(std::string_view name, std::string_view value) noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      if (!equalsIgnoringCase((*this)[i].name, name)) continue;
      entries_[i].valueOffset = offsetOf(value);
      entries_[i].valueBytes = lengthOf(value);
      return;
    }
  }

  void clear() noexcept { count_ = 0; }
  std::size_t count() const noexcept { return count_; }
  Iterator begin() const noexcept { return {*this, 0}; }
  Iterator end() const noexcept { return {*this, count_}; }

  HeaderField operator[](std::size_t index) const noexcept {
    assert(index < count_);
    const Entry& entry = entries_[index];
    return {{base_ + entry.nameOffset, entry.nameBytes}, {base_ + entry.valueOffset, entry.valueBytes}};
  }

  /// The value of the first field of that name, in any case.
  std::optional<std::string_view> find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < count_; ++i) {
      const Entry& entry = entries_[i];
      if (entry.nameBytes == name.size() &&
          equalsIgnoringCase({base_ + entry.nameOffset, entry.nameBytes}, name))
        return std::string_view(base_ + entry.valueOffset, entry.valueBytes);
    }
    return std::nullopt;
  }

  /// The value of the only field of that name; nothing when there are several, which no field with a single
  /// value may have (RFC 9110 5.3).
  std::optional<std::string_view> findOnly(std::string_view name) const noexcept {
    return countOf(name) == 1 ? find(name) : std::nullopt;
  }

  /// Calls `visit(value)` for each field of that name, in the order sent: together they are one list (RFC 9110
  /// 5.3).
  template <class Visit>
  void forEach(std::string_view name, Visit&& visit) const {
    for (const HeaderField field : *this)
      if (equalsIgnoringCase(field.name, name)) visit(field.value);
  }

  /// How many fields have that name.
  std::size_t countOf(std::string_view name) const noexcept {
    std::size_t result = 0;
    for (const HeaderField field : *this) result += equalsIgnoringCase(field.name, name) ? 1 : 0;
    return result;
  }

 private:
  struct Entry {
    std::uint32_t nameOffset;
    std::uint32_t nameBytes;
    std::uint32_t valueOffset;
    std::uint32_t valueBytes;
  };

  std::uint32_t offsetOf(std::string_view text) const noexcept {
    if (text.empty()) return 0;  // An empty value may be a view of nothing at all.
    assert(text.data() >= base_ && text.data() - base_ <= std::ptrdiff_t{UINT32_MAX});
    return static_cast<std::uint32_t>(text.data() - base_);
  }
  static std::uint32_t lengthOf(std::string_view text) noexcept {
    return static_cast<std::uint32_t>(text.size());
  }

  const char* base_ = nullptr;
  std::size_t count_ = 0;
  Entry entries_[kCapacity];
};

}  // namespace h3
