// The Range field (RFC 9110 14.2).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace h3 {

/// `bytes` of a file, from `first` on.
struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

/// The ranges that a Range field requests of a file.
struct ByteRanges {
  static constexpr std::size_t kMaxParts = 16;
  enum class Outcome : std::uint8_t {
    whole,         ///< no supported ranges; 200
    part,          ///< one or more; 206
    unsatisfiable  ///< all outside of the file; 416
  };

  std::span<const ByteRange> parts() const { return {ranges.data(), count}; }

  Outcome outcome = Outcome::whole;
  std::size_t count = 0;  ///< of the parts, in the order requested; 1 of a whole file
  std::array<ByteRange, kMaxParts> ranges;
};

/// The whole file for what is not bytes, or malformed, and for more than kMaxParts ranges or any two that overlap: RFC 9110
/// 14.2 lets a server ignore the field, and so no small request causes a response larger than the file. Of several, those
/// outside of the file are left out.
ByteRanges parseByteRanges(std::string_view field, std::uint64_t size);

}  // namespace h3
