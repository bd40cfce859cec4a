// The Range field (RFC 9110 14.2), as far as it is worth answering.
#pragma once

#include <cstdint>
#include <string_view>

namespace h3 {

/// What a Range field asks of `size` bytes.
struct ByteRange {
  enum class Outcome : std::uint8_t {
    whole,         ///< no range that we take: not bytes, malformed, or several; 200
    part,          ///< `bytes` from `first` on; 206
    unsatisfiable  ///< outside of what is there; 416
  };
  Outcome outcome = Outcome::whole;
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

/// Several ranges are answered with the whole (RFC 9110 14.2 lets a server ignore the field): a multipart
/// answer of many overlapping ones is how a small request makes a large answer.
ByteRange parseByteRange(std::string_view field, std::uint64_t size);

}  // namespace h3
