#include "static_files/byte_range.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

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

TEST_CASE("what a Range field requests of 1000 bytes") {
  constexpr auto kWhole = ByteRange::Outcome::whole, kPart = ByteRange::Outcome::part,
                 kNone = ByteRange::Outcome::unsatisfiable;
  std::string many = "bytes=0-0";
  for (int i = 1; i < 2000; ++i) many += ",0-0";
  const struct {
    std::string field;
    ByteRange::Outcome outcome;
    std::uint64_t first, bytes;
  } rows[] = {
      {"bytes=0-999", kPart, 0, 1000},     {"bytes=0-1000", kPart, 0, 1000},
      {"bytes=999-999", kPart, 999, 1},    {"bytes=999-", kPart, 999, 1},
      {"bytes=1000-", kNone, 0, 0},        {"bytes=1000-2000", kNone, 0, 0},
      {"bytes=-1", kPart, 999, 1},         {"bytes=-1000", kPart, 0, 1000},
      {"bytes=-1001", kPart, 0, 1000},     {"bytes=-0", kNone, 0, 0},
      {"Bytes= 5-6 ", kPart, 5, 2},        {"bytes=005-006", kPart, 5, 2},
      {"bytes=6-5", kWhole, 0, 1000},      {"bytes=1-2,3-4", kWhole, 0, 1000},
      {"bytes=0-9,5-14", kWhole, 0, 1000}, {"bytes=0-,0-", kWhole, 0, 1000},
      {"bytes=-1,-1", kWhole, 0, 1000},    {many, kWhole, 0, 1000},
      {"bytes=1 -2", kWhole, 0, 1000},     {"bytes=1-2-3", kWhole, 0, 1000},
      {"bytes=0x1-2", kWhole, 0, 1000},    {"bytes=1e2-", kWhole, 0, 1000},
      {"bytes=-", kWhole, 0, 1000},        {"bytes=", kWhole, 0, 1000},
      {"bytes", kWhole, 0, 1000},          {"bytes =1-2", kWhole, 0, 1000},
      {"items=1-2", kWhole, 0, 1000},      {"", kWhole, 0, 1000},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field.substr(0, 40));
    const ByteRange range = h3::parseByteRange(row.field, 1000);
    CHECK((range.outcome == row.outcome));
    CHECK(range.first == row.first);
    CHECK(range.bytes == row.bytes);
  }
}
