#include "http/utf8.hpp"

namespace h3 {

namespace {

struct Prefix {
  std::size_t validBytes;  ///< How many bytes are the start of some valid character.
  std::size_t wantedBytes;
};

unsigned byteAt(std::string_view text, std::size_t i) noexcept { return static_cast<unsigned char>(text[i]); }

std::size_t wantedBytes(unsigned lead) noexcept {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte's range excludes overlong forms, surrogates and too large values.
bool isSecondByte(unsigned lead, unsigned second) noexcept {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

Prefix prefixOf(std::string_view text) noexcept {
  const unsigned lead = byteAt(text, 0);
  const std::size_t wanted = wantedBytes(lead);
  if (wanted == 0) return {0, 1};
  std::size_t valid = 1;
  while (valid < wanted && valid < text.size()) {
    const unsigned next = byteAt(text, valid);
    if (valid == 1 ? !isSecondByte(lead, next) : (next & 0xC0) != 0x80) break;
    ++valid;
  }
  return {valid, wanted};
}

}  // namespace

std::size_t utf8CharacterBytes(std::string_view text) noexcept {
  if (text.empty()) return 0;
  const Prefix prefix = prefixOf(text);
  return prefix.validBytes == prefix.wantedBytes ? prefix.wantedBytes : 0;
}

std::size_t utf8InvalidBytes(std::string_view text) noexcept {
  const std::size_t valid = prefixOf(text).validBytes;
  return valid == 0 ? 1 : valid;
}

}  // namespace h3
