#pragma once

#include <cstddef>
#include <cstdint>

namespace h3::security {

/// Writes the low `bytes` bytes of a number, the highest first; returns the end.
inline char* putBigEndian(std::uint64_t number, std::size_t bytes, char* out) {
  while (bytes-- > 0) *out++ = static_cast<char>(number >> (8 * bytes));
  return out;
}

inline std::uint64_t readBigEndian(const char* in, std::size_t bytes) {
  std::uint64_t number = 0;
  while (bytes-- > 0) number = number << 8 | static_cast<unsigned char>(*in++);
  return number;
}

}  // namespace h3::security
