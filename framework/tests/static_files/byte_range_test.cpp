#include "static_files/byte_range.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using h3::ByteRange;
using h3::ByteRanges;

namespace {

ByteRange only(const ByteRanges& ranges) {
  REQUIRE(ranges.count == 1);
  return ranges.ranges[0];
}

// "5+2 0+1": first and bytes of each part.
std::string text(const ByteRanges& ranges) {
  std::string list;
  for (const ByteRange& part : ranges.parts())
    list.append(list.empty() ? "" : " ")
        .append(std::to_string(part.first))
        .append("+")
        .append(std::to_string(part.bytes));
  return list;
}

}  // namespace

TEST_CASE("ranges at the edges of 64 bits") {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  const ByteRanges last = h3::parseByteRanges("bytes=18446744073709551614-18446744073709551615", kMax);
  CHECK((last.outcome == ByteRanges::Outcome::part));
  CHECK(only(last).first == kMax - 1);
  CHECK(only(last).bytes == 1);
  CHECK(only(h3::parseByteRanges("bytes=0-18446744073709551615", kMax)).bytes == kMax);
  CHECK(only(h3::parseByteRanges("bytes=-18446744073709551615", kMax)).first == 0);
  CHECK((h3::parseByteRanges("bytes=0-0", 0).outcome == ByteRanges::Outcome::unsatisfiable));
  CHECK((h3::parseByteRanges("bytes=-1", 0).outcome == ByteRanges::Outcome::unsatisfiable));
  CHECK(only(h3::parseByteRanges("", 5)).bytes == 5);
}

TEST_CASE("what a Range field requests of 1000 bytes") {
  constexpr auto kWhole = ByteRanges::Outcome::whole, kPart = ByteRanges::Outcome::part,
                 kNone = ByteRanges::Outcome::unsatisfiable;
  std::string many = "bytes=0-0";
  for (int i = 1; i < 2000; ++i) many += ",0-0";
  const struct {
    std::string field;
    ByteRanges::Outcome outcome;
    std::uint64_t first, bytes;
  } rows[] = {
      {"bytes=0-999", kPart, 0, 1000},     {"bytes=0-1000", kPart, 0, 1000},
      {"bytes=999-999", kPart, 999, 1},    {"bytes=999-", kPart, 999, 1},
      {"bytes=1000-", kNone, 0, 0},        {"bytes=1000-2000", kNone, 0, 0},
      {"bytes=-1", kPart, 999, 1},         {"bytes=-1000", kPart, 0, 1000},
      {"bytes=-1001", kPart, 0, 1000},     {"bytes=-0", kNone, 0, 0},
      {"Bytes= 5-6 ", kPart, 5, 2},        {"bytes=005-006", kPart, 5, 2},
      {"bytes=6-5", kWhole, 0, 1000},      {"bytes=,1-2,", kPart, 1, 2},
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
    const ByteRanges ranges = h3::parseByteRanges(row.field, 1000);
    CHECK((ranges.outcome == row.outcome));
    if (row.outcome == kNone) {
      CHECK(ranges.count == 0);
      continue;
    }
    CHECK(only(ranges).first == row.first);
    CHECK(only(ranges).bytes == row.bytes);
  }
}

TEST_CASE("several ranges of 1000 bytes") {
  std::string sixteen = "bytes=0-0";
  for (int i = 1; i < 16; ++i) sixteen += "," + std::to_string(2 * i) + "-" + std::to_string(2 * i);
  const struct {
    std::string field;
    std::string parts;
  } rows[] = {
      {"bytes=1-2,3-4", "1+2 3+2"},     {"bytes=900-, 0-9 ,, 50-59", "900+100 0+10 50+10"},
      {"bytes=0-9,-10", "0+10 990+10"}, {"bytes=0-9,2000-3000", "0+10"},
      {"bytes=-0,7-7", "7+1"},          {"bytes=0-9,9-10", "0+1000"},
      {"bytes=10-20,0-10", "0+1000"},   {"bytes=5-6,0-999", "0+1000"},
      {"bytes=0-9,x", "0+1000"},        {"bytes=0-9,20-10", "0+1000"},
      {sixteen + ",40-40", "0+1000"},   {sixteen + ",2000-", "0+1000"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.field);
    CHECK(text(h3::parseByteRanges(row.field, 1000)) == row.parts);
  }
  CHECK(h3::parseByteRanges(sixteen, 1000).count == 16);
  CHECK((h3::parseByteRanges("bytes=1000-,-0", 1000).outcome == ByteRanges::Outcome::unsatisfiable));
}
