#include "scenario/printable.hpp"

#include <algorithm>
#include <array>

namespace leakgate {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

// The first character of the text, and its length in bytes; 0 where it is not UTF-8. Overlong forms and
// surrogates are not UTF-8 either (RFC 3629, section 3).
struct Character {
  char32_t code = 0;
  std::size_t bytes = 0;
};

Character firstCharacter(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  constexpr std::array<char32_t, 5> kSmallest{0, 0, 0x80, 0x800, 0x10000};
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {};
  char32_t code = lead & (0x7fU >> bytes);
  for (std::size_t k = 1; k < bytes; ++k) {
    const auto byte = static_cast<unsigned char>(text[k]);
    if ((byte & 0xc0U) != 0x80) return {};
    code = code << 6U | (byte & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[bytes] || code > 0x10ffff || surrogate) return {};
  return {code, bytes};
}

bool isControl(char32_t code) { return code < 0x20 || (code >= 0x7f && code < 0xa0); }

// Unicode's Bidi_Control, and its separators of lines and paragraphs.
bool ordersText(char32_t code) {
  return code == 0x61c || code == 0x200e || code == 0x200f || (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

void appendHex(std::string& text, char32_t code, int digits) {
  text += digits == 2 ? "\\x" : "\\u";
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
    text += kDigits[(code >> static_cast<unsigned>(shift)) & 15U];
}

}  // namespace

std::string printable(std::string_view text) {
  std::string safe;
  while (!text.empty()) {
    const Character next = firstCharacter(text);
    const std::size_t bytes = std::max<std::size_t>(next.bytes, 1);
    if (next.bytes == 0) {
      appendHex(safe, static_cast<unsigned char>(text.front()), 2);
    } else if (next.code == '\t') {
      safe += ' ';
    } else if (isControl(next.code) && next.code != '\n') {
      appendHex(safe, next.code, 2);
    } else if (ordersText(next.code)) {
      appendHex(safe, next.code, 4);
    } else {
      safe += text.substr(0, bytes);
    }
    text.remove_prefix(bytes);
  }
  return safe;
}

std::string_view wholeCharacters(std::string_view text, std::size_t maxBytes) {
  constexpr std::size_t kLongest = 4;
  if (text.size() <= maxBytes) return text;
  std::size_t end = maxBytes;
  while (end > 0 && maxBytes - end < kLongest && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80)
    --end;
  return text.substr(0, maxBytes - end < kLongest ? end : maxBytes);
}

}  // namespace leakgate
