#pragma once
#include <cstddef>
#include <string_view>

#include "h3http/detail/uri_bytes.hpp"

namespace h3 {

/// What a canonical path may hold (see canonical_path.hpp), for patterns that are checked by the compiler.
class CanonicalSegment {
 public:
  static constexpr std::string_view kEncodedSlash = "%2F";

  static constexpr bool isDots(std::string_view segment) noexcept {
    return segment == "." || segment == "..";
  }

  /// Whether a dot segment shows up when encoded slashes of canonical text are decoded: "a%2F..".
  static constexpr bool hidesDots(std::string_view text) noexcept {
    for (;;) {
      std::size_t end = 0;
      while (end < text.size() && text[end] != '/' && !text.substr(end).starts_with(kEncodedSlash)) ++end;
      if (isDots(text.substr(0, end))) return true;
      if (end == text.size()) return false;
      text.remove_prefix(end + (text[end] == '/' ? 1 : kEncodedSlash.size()));
    }
  }

  /// Why canonical text does not hold the escape that `text` begins with; "" when it may.
  static constexpr std::string_view problemOfEscape(std::string_view text) noexcept {
    if (!UriBytes::isEscape(text)) return "'%' needs two hex digits";
    const char byte = UriBytes::decoded(text);
    if (byte == '\0') return "no route is ever found for a path that holds %00";
    if (byte != '/' && UriBytes::is(byte, UriBytes::kPath))
      return "this byte needs no percent-encoding, and paths are compared without it; write the byte itself";
    if (isSmallHex(text[1]) || isSmallHex(text[2]))
      return "paths are compared with capital hex digits; write %C3, not %c3";
    return {};
  }

 private:
  static constexpr bool isSmallHex(char c) noexcept { return c >= 'a' && c <= 'f'; }
};

}  // namespace h3
