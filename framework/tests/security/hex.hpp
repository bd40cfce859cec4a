// Bytes as hexadecimal digits, for vectors of standards.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace h3::test {

inline std::string toHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char byte : bytes) {
    hex += kDigits[static_cast<unsigned char>(byte) >> 4];
    hex += kDigits[static_cast<unsigned char>(byte) & 15];
  }
  return hex;
}

inline std::string toHex(std::span<const std::uint8_t> bytes) {
  return toHex({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

inline std::string repeated(std::size_t count, int byte) {
  return std::string(count, static_cast<char>(byte));
}

inline std::span<const std::uint8_t> bytesOf(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace h3::test
