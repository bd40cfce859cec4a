#include "http/base64.hpp"

#include <array>
#include <span>

namespace h3 {
namespace {

constexpr std::string_view kUrlDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kNoDigit = 64;

constexpr std::array<std::uint8_t, 256> makeBase64Values(char sixtyTwo, char sixtyThree) {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t& value : values) value = kNoDigit;
  for (std::size_t i = 0; i < 62; ++i)
    values[static_cast<unsigned char>(kUrlDigits[i])] = static_cast<std::uint8_t>(i);
  values[static_cast<unsigned char>(sixtyTwo)] = 62;
  values[static_cast<unsigned char>(sixtyThree)] = 63;
  return values;
}
constexpr auto kStandardValues = makeBase64Values('+', '/');
constexpr auto kUrlValues = makeBase64Values('-', '_');

// The digits without their padding; nullopt when it is wrong.
std::optional<std::string_view> withoutPadding(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.ends_with("==")) return text.substr(0, text.size() - 2);
  if (text.ends_with('=')) return text.substr(0, text.size() - 1);
  return text;
}

}  // namespace

void encodeBase64Url(std::string_view bytes, char* out) noexcept {
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) *out++ = kUrlDigits[bits >> (count - 6) & 63];
  }
  if (count != 0) *out = kUrlDigits[bits << (6 - count) & 63];
}

std::string_view encodeBase64Url(std::string_view bytes, Arena& arena) {
  const std::span<char> text = arena.allocateChars(base64UrlBytes(bytes.size()));
  encodeBase64Url(bytes, text.data());
  return {text.data(), text.size()};
}

std::optional<std::string_view> decodeBase64(Base64 alphabet, std::string_view text, Arena& arena) {
  const std::optional<std::string_view> digits =
      alphabet == Base64::standard ? withoutPadding(text) : std::optional(text);
  if (!digits || digits->size() % 4 == 1) return std::nullopt;
  const auto& values = alphabet == Base64::standard ? kStandardValues : kUrlValues;
  const std::span<char> bytes = arena.allocateChars(digits->size() * 3 / 4);
  char* out = bytes.data();
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char digit : *digits) {
    const std::uint8_t value = values[static_cast<unsigned char>(digit)];
    if (value == kNoDigit) return std::nullopt;
    bits = bits << 6 | value;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    *out++ = static_cast<char>(bits >> count);
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return std::string_view(bytes.data(), bytes.size());
}

}  // namespace h3
