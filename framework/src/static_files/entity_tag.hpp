// Entity tags: name one version of a file, and match lists of tags (RFC 9110 8.8.3, 13.1).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace h3 {

/// The tag of a file's version, "<size>-<modification time in ns>" in hex digits and quotes; behind it "-<coding>", if
/// there is one, as each variant needs a tag of its own. Strong.
class EntityTag {
 public:
  static constexpr std::size_t kMaxCodingBytes = 8;

  /// `coding`: of the file's content, kMaxCodingBytes at most; "" for none.
  EntityTag(std::uint64_t size, std::int64_t modifiedNs, std::string_view coding = {});
  std::string_view text() const { return {text_.data(), bytes_}; }

 private:
  std::array<char, 48> text_;
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
