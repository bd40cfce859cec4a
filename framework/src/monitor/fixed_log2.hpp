// Logarithms without floating point.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace h3 {
namespace detail {

inline constexpr unsigned kChordBits = 7;
inline constexpr unsigned kPointBits = 28;

/// log2 of numbers from 1 to 2 in units of 2^-28, at the ends of 128 chords.
inline constexpr auto kLog2Points = [] {
  std::array<std::uint32_t, (1u << kChordBits) + 1> points{};
  for (std::size_t i = 0; i + 1 < points.size(); ++i) {
    double rest = 1 + static_cast<double>(i) / (1u << kChordBits);
    for (unsigned bit = 0; bit < kPointBits; ++bit) {  // squaring a number doubles its logarithm
      rest *= rest;
      points[i] = points[i] << 1 | (rest >= 2 ? 1u : 0u);
      if (rest >= 2) rest /= 2;
    }
  }
  points.back() = 1u << kPointBits;
  return points;
}();

}  // namespace detail

inline constexpr unsigned kFixedLog2Bits = 16;
inline constexpr std::uint64_t kFixedLog2One = std::uint64_t{1} << kFixedLog2Bits;

/// log2 of `value`, which is at least 1, in units of 1/65,536.
///
///     value   | 1 | 7 bits: which chord of the curve | 16 bits: how far along it | ... |
///               ^ its place is the whole part of the result
///
/// Within two units of std::log2, which takes four times as many instructions; each timed request needs one.
constexpr std::uint64_t fixedLog2(std::uint64_t value) noexcept {
  const unsigned zeros = static_cast<unsigned>(std::countl_zero(value));
  const std::uint64_t aligned = value << zeros << 1;  // without the leading one
  const std::size_t chord = static_cast<std::size_t>(aligned >> (64 - detail::kChordBits));
  const std::uint64_t along = aligned << detail::kChordBits >> (64 - kFixedLog2Bits);
  const std::uint64_t from = detail::kLog2Points[chord];
  const std::uint64_t rise = detail::kLog2Points[chord + 1] - from;
  return (std::uint64_t{63 - zeros} << kFixedLog2Bits) +
         (((from << kFixedLog2Bits) + rise * along) >> detail::kPointBits);
}

}  // namespace h3
