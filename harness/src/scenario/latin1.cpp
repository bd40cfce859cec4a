#include "scenario/latin1.hpp"

namespace leakgate {

// U+0080 to U+00FF are two bytes in UTF-8: 110000ab 10cdefgh.
std::optional<std::string> bytesFromText(std::string_view utf8) {
  std::string bytes;
  bytes.reserve(utf8.size());
  for (std::size_t k = 0; k < utf8.size(); ++k) {
    const auto lead = static_cast<unsigned char>(utf8[k]);
    if (lead < 0x80) {
      bytes += utf8[k];
      continue;
    }
    if ((lead & 0xFC) != 0xC0 || k + 1 == utf8.size()) return std::nullopt;
    const auto next = static_cast<unsigned char>(utf8[++k]);
    bytes += static_cast<char>(((lead & 0x03) << 6) | (next & 0x3F));
  }
  return bytes;
}

std::string textFromBytes(std::string_view bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

}  // namespace leakgate
