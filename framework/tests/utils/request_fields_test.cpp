#include <doctest/doctest.h>

#include <ctime>
#include <optional>
#include <string>

#include "h3http/arena.hpp"
#include "utils/byte_range.hpp"
#include "utils/entity_tag.hpp"
#include "utils/http_date_parser.hpp"
#include "utils/static_path.hpp"

using h3::ByteRange;
using h3::TagComparison;

TEST_CASE("dates in the three forms that clients send") {
  const struct {
    std::string text;
    std::optional<std::time_t> seconds;
  } cases[] = {
      {"Sun, 06 Nov 1994 08:49:37 GMT", 784111777},
      {"Sunday, 06-Nov-94 08:49:37 GMT", 784111777},
      {"Sun Nov  6 08:49:37 1994", 784111777},
      {"Thu Nov 10 08:49:37 1994", 784457377},
      {"Thu, 01 Jan 1970 00:00:00 GMT", 0},
      {"Wed, 31 Dec 1969 23:59:59 GMT", -1},
      {"Thu, 29 Feb 2024 00:00:00 GMT", 1709164800},
      {"Sat, 31 Dec 2016 23:59:60 GMT", 1483228799},
      {"Fri, 29 Feb 2023 00:00:00 GMT", std::nullopt},
      {"Fri, 31 Apr 2023 00:00:00 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 24:49:37 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 08:60:37 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:61 GMT", std::nullopt},
      {"Sun, 00 Nov 1994 08:49:37 GMT", std::nullopt},
      {"Sun, 6 Nov 1994 08:49:37 GMT", std::nullopt},
      {"Sun, 06 nov 1994 08:49:37 GMT", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:37 CET", std::nullopt},
      {"Sun, 06 Nov 1994 08:49:37 GMT ", std::nullopt},
      {"Sun, 06 Nov 94 08:49:37 GMT", std::nullopt},
      {"784111777", std::nullopt},
      {"Sun,", std::nullopt},
      {",", std::nullopt},
      {"", std::nullopt},
  };
  for (const auto& date : cases) {
    CAPTURE(date.text);
    CHECK(h3::parseHttpDate(date.text) == date.seconds);
  }
}

TEST_CASE("a two-digit year far ahead is of the last century") {
  const auto now = h3::parseHttpDate("Sunday, 06-Nov-94 08:49:37 GMT");
  REQUIRE(now);
  std::time_t today = std::time(nullptr);
  std::tm date{};
  ::gmtime_r(&today, &date);
  const auto text = [&](int yearsAhead) {
    const int year = (date.tm_year + yearsAhead) % 100;
    return "Sunday, 06-Nov-" + std::string(year < 10 ? "0" : "") + std::to_string(year) + " 08:49:37 GMT";
  };
  CHECK(h3::parseHttpDate(text(1)).value() > today - 86400 * 366);
  CHECK(h3::parseHttpDate(text(51)).value() < today);
}

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

TEST_CASE("entity tags") {
  CHECK(h3::EntityTag(255, 16).text() == "\"ff-10\"");
  CHECK(h3::EntityTag(~std::uint64_t{0}, -1).text() == "\"ffffffffffffffff-ffffffffffffffff\"");
  const struct {
    std::string list;
    bool weak, strong;
  } cases[] = {
      {"\"a\"", true, true},      {"W/\"a\"", true, false},    {"*", true, true},
      {" * ", true, true},        {"\"b\",\"a\"", true, true}, {"\"b\" , W/\"a\"", true, false},
      {",, \"a\" ,", true, true}, {"\"b,\"a\"", false, false}, {"a", false, false},
      {"w/\"a\"", false, false},  {"\"A\"", false, false},     {"", false, false},
      {"\"", false, false},       {"W/", false, false},        {"x, \"a\"", false, false},
  };
  for (const auto& tags : cases) {
    CAPTURE(tags.list);
    CHECK(h3::listsTag(tags.list, "\"a\"", TagComparison::weak) == tags.weak);
    CHECK(h3::listsTag(tags.list, "\"a\"", TagComparison::strong) == tags.strong);
  }
}

TEST_CASE("paths are decoded once and never grow separators") {
  h3::Arena arena;
  const struct {
    std::string encoded;
    std::optional<std::string_view> name;
  } cases[] = {
      {"", ""},
      {"a", "a"},
      {"a/", "a/"},
      {"a/b.c", "a/b.c"},
      {"a%20b", "a b"},
      {"%2525", "%25"},
      {"%c3%a9", "\xc3\xa9"},
      {"a..b", "a..b"},
      {"a%", "a%"},
      {"/", std::nullopt},
      {"a//b", std::nullopt},
      {"..", std::nullopt},
      {"a/..", std::nullopt},
      {"a/./b", std::nullopt},
      {".a", std::nullopt},
      {"a%2fb", std::nullopt},
      {"a%5cb", std::nullopt},
      {"a\\b", std::nullopt},
      {"a%00", std::nullopt},
      {"a%1fb", std::nullopt},
      {"%2e%2e", std::nullopt},
  };
  for (const auto& path : cases) {
    CAPTURE(path.encoded);
    CHECK(h3::staticPath(path.encoded, arena) == path.name);
  }
}
