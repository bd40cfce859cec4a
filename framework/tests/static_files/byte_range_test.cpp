#include "static_files/byte_range.hpp"

#include <doctest/doctest.h>

#include <cstdint>

using h3::ByteRange;

TEST_CASE("ranges at the edges of 64 bits") {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  const ByteRange last = h3::parseByteRange("bytes=18446744073709551614-18446744073709551615", kMax);
  CHECK(last.outcome == ByteRange::Outcome::part);
  CHECK(last.first == kMax - 1);
  CHECK(last.bytes == 1);
  CHECK(h3::parseByteRange("bytes=0-18446744073709551615", kMax).bytes == kMax);
  CHECK(h3::parseByteRange("bytes=-18446744073709551615", kMax).first == 0);
  CHECK(h3::parseByteRange("bytes=0-0", 0).outcome == ByteRange::Outcome::unsatisfiable);
  CHECK(h3::parseByteRange("bytes=-1", 0).outcome == ByteRange::Outcome::unsatisfiable);
  CHECK(h3::parseByteRange("", 5).bytes == 5);
}
