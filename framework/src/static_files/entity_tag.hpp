// Entity tags: name one version of a file, and match lists of tags (RFC 9110 8.8.3, 13.1).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace h3 {

/// The tag of a file's version, "<size>-<modification time in ns>" in hex digits and quotes. Strong.
class EntityTag {
 public:
  EntityTag(std::uint64_t size, std::int64_t modifiedNs);
  std::string_view text() const { return {text_.data(), bytes_}; }

 private:
  std::array<char, 40> text_;
  std::size_t bytes_ = 0;
};

enum class TagComparison : std::uint8_t {
  weak,   ///< W/"a" is "a": for If-None-Match
  strong  ///< W/"a" equals nothing: for If-Match and If-Range
};

/// Whether a list of tags, or "*", names `tag`, which is strong. Stops at the first element that is not a
/// tag.
bool listsTag(std::string_view list, std::string_view tag, TagComparison comparison);

}  // namespace h3
