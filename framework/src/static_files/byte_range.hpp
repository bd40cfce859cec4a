// The Range field (RFC 9110 14.2), single ranges only.
#pragma once

#include <cstdint>
#include <string_view>

namespace h3 {

/// The range of `size` bytes that a Range field requests.
struct ByteRange {
  enum class Outcome : std::uint8_t {
    whole,         ///< no supported range: not bytes, malformed, or several; 200
    part,          ///< `bytes` from `first` on; 206
    unsatisfiable  ///< outside of the file; 416
  };
  Outcome outcome = Outcome::whole;
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

/// Several ranges get the whole file (RFC 9110 14.2 lets a server ignore the field): with a multipart
/// response of many overlapping ranges a small request could cause a large response.
ByteRange parseByteRange(std::string_view field, std::uint64_t size);

}  // namespace h3
