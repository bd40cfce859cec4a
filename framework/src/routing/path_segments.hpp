#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "h3http/detail/route_pattern.hpp"

namespace h3 {

/// Splits a path into segments.
///
///     /users/42/      three segments: "users", "42", ""       "/" has none
///
/// Splits at most kMaxSegments + 1 of them: more than any pattern has, so a longer path can only match a
/// '**'. Lifetime: views into the path.
class PathSegments {
 public:
  static constexpr std::size_t kMaxSegments = RoutePattern::kMaxSegments;

  /// `path` begins with '/'.
  explicit PathSegments(std::string_view path) noexcept : path_(path) {
    if (path.size() == 1) return;
    begins_[0] = 1;
    split();
    begins_[++count_] = static_cast<std::uint32_t>(path.size() + 1);
  }

  std::size_t count() const noexcept { return count_; }

  std::string_view operator[](std::size_t index) const noexcept { return slice(index, 1); }

  /// Segments `index` to `index + count - 1` with the slashes between them.
  std::string_view slice(std::size_t index, std::size_t count) const noexcept {
    return {path_.data() + begins_[index], begins_[index + count] - begins_[index] - 1};
  }

  /// Everything from segment `index` on; empty at the end of the path when there is no such segment.
  std::string_view from(std::size_t index) const noexcept {
    return index < count_ ? path_.substr(begins_[index]) : path_.substr(path_.size());
  }

 private:
  // Segments are short: eight bytes at a time without a call beat memchr.
  void split() noexcept {
    std::size_t position = 1;
    for (; position + 8 <= path_.size(); position += 8) {
      if (!addSlashes(slashesIn(position), position)) return;
    }
    if (position == path_.size()) return;
    if (path_.size() >= 8) {  // The last word again, without the bytes seen already.
      const std::size_t last = path_.size() - 8;
      addSlashes(slashesIn(last) & ~std::uint64_t{0} << 8 * (position - last), last);
      return;
    }
    for (; position < path_.size(); ++position) {
      if (path_[position] == '/') addSlash(position);
    }
  }

  // The high bit of each byte that is '/'. Little endian: the first byte is the lowest.
  std::uint64_t slashesIn(std::size_t position) const noexcept {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kLowBits = kOnes * 0x7F;
    std::uint64_t word;
    std::memcpy(&word, path_.data() + position, sizeof word);
    word ^= kOnes * '/';
    return ~(((word & kLowBits) + kLowBits) | word | kLowBits);
  }

  // False when there is no room for more.
  bool addSlashes(std::uint64_t slashes, std::size_t position) noexcept {
    for (; slashes != 0; slashes &= slashes - 1) {
      if (count_ == kMaxSegments) return false;
      addSlash(position + static_cast<std::size_t>(std::countr_zero(slashes)) / 8);
    }
    return true;
  }

  void addSlash(std::size_t position) noexcept {
    begins_[++count_] = static_cast<std::uint32_t>(position + 1);
  }

  std::string_view path_;
  std::size_t count_ = 0;
  std::uint32_t begins_[kMaxSegments + 2];
};

}  // namespace h3
