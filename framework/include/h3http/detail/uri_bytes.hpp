#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace h3 {

/// What a byte may be in a URI; a set of the bits below. Source: RFC 3986 appendix A.
class UriBytes {
 public:
  static constexpr std::uint8_t kPath = 1;     ///< pchar but '%', and '/'.
  static constexpr std::uint8_t kQuery = 2;    ///< kPath, and '?'.
  static constexpr std::uint8_t kRegName = 4;  ///< unreserved and sub-delims.
  static constexpr std::uint8_t kHex = 8;
  static constexpr std::uint8_t kUnreserved = 16;
  static constexpr std::uint8_t kPlainPath = 32;  ///< kPath but '.', which may begin a dot segment.
  /// What browsers and Node's fetch send unencoded although RFC 3986 forbids it (WHATWG URL 1.3).
  static constexpr std::uint8_t kBrowserPath = 64;
  static constexpr std::uint8_t kBrowserQuery = 128;

  static constexpr bool is(char c, std::uint8_t set) noexcept {
    return (kTable[static_cast<unsigned char>(c)] & set) != 0;
  }

  /// Whether four bytes are all in `set`: half of the instructions of testing each, because there are no
  /// branches in between.
  static constexpr bool areFour(const char* bytes, std::uint8_t set) noexcept {
    const auto sets = [bytes](std::size_t i) { return kTable[static_cast<unsigned char>(bytes[i])]; };
    return (sets(0) & sets(1) & sets(2) & sets(3) & set) != 0;
  }

  /// -1 when `c` is not a hex digit.
  static constexpr int hexValue(char c) noexcept {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  }

  /// Whether `text`, which begins with '%', begins with a whole escape.
  static constexpr bool isEscape(std::string_view text) noexcept {
    return text.size() >= 3 && is(text[1], kHex) && is(text[2], kHex);
  }

  /// Writes "%C3"; returns the end.
  static constexpr char* escape(char c, char* out) noexcept {
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    *out++ = '%';
    *out++ = kDigits[byte >> 4];
    *out++ = kDigits[byte & 15];
    return out;
  }

  /// The byte of the escape that `text` begins with.
  static constexpr char decoded(std::string_view text) noexcept {
    return static_cast<char>(hexValue(text[1]) * 16 + hexValue(text[2]));
  }

 private:
  static constexpr std::array<std::uint8_t, 256> kTable = [] {
    constexpr std::string_view kAlphaDigit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    std::array<std::uint8_t, 256> table{};
    const auto allow = [&table](std::string_view bytes, std::uint8_t sets) {
      for (const char c : bytes) table[static_cast<unsigned char>(c)] |= sets;
    };
    allow(kAlphaDigit, kPath | kPlainPath | kQuery | kRegName | kUnreserved);
    allow("-_~", kPath | kPlainPath | kQuery | kRegName | kUnreserved);
    allow(".", kPath | kQuery | kRegName | kUnreserved);
    allow("!$&'()*+,;=", kPath | kPlainPath | kQuery | kRegName);
    allow(":@/", kPath | kPlainPath | kQuery);
    allow("?", kQuery);
    allow("[]|", kBrowserPath | kBrowserQuery);
    allow("^{}\\`", kBrowserQuery);
    allow("0123456789abcdefABCDEF", kHex);
    return table;
  }();
};

}  // namespace h3
