// The names of methods that have no value of their own in Method.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace h3 {

/// Methods that are known by name only: PROPFIND, QUERY and so on.
///
/// Lookup compares with each name: a few, for methods that are rare. Allocates: add() only. Threads: built by one,
/// then read by any.
class MethodNames {
 public:
  static constexpr std::size_t kMaxMethods = 32;
  static constexpr std::size_t kMaxBytes = 32;  ///< of a name
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  /// The index of the name, added if it is new; kNone when that would be too many.
  std::size_t add(std::string_view name) {
    const std::size_t known = find(name);
    if (known != kNone || names_.size() == kMaxMethods) return known;
    names_.emplace_back(name);
    return names_.size() - 1;
  }
  /// Source: RFC 9110 9.1, methods are case-sensitive.
  std::size_t find(std::string_view name) const noexcept {
    for (std::size_t i = 0; i < names_.size(); ++i)
      if (names_[i] == name) return i;
    return kNone;
  }
  bool contains(std::string_view name) const noexcept { return find(name) != kNone; }
  std::string_view operator[](std::size_t index) const noexcept { return names_[index]; }
  std::size_t count() const noexcept { return names_.size(); }

 private:
  std::vector<std::string> names_;
};

}  // namespace h3
