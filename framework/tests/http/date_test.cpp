#include "http/date.hpp"

#include <doctest/doctest.h>

#include <ctime>
#include <optional>
#include <string>

TEST_CASE("dates") {
  struct Row {
    std::time_t seconds;
    const char* text;
  };
  const Row rows[] = {
      {0, "Thu, 01 Jan 1970 00:00:00 GMT"},          {784111777, "Sun, 06 Nov 1994 08:49:37 GMT"},
      {951782400, "Tue, 29 Feb 2000 00:00:00 GMT"},  {1709251199, "Thu, 29 Feb 2024 23:59:59 GMT"},
      {1709251200, "Fri, 01 Mar 2024 00:00:00 GMT"}, {2147483648, "Tue, 19 Jan 2038 03:14:08 GMT"},
      {-1, "Wed, 31 Dec 1969 23:59:59 GMT"},         {253402300799, "Fri, 31 Dec 9999 23:59:59 GMT"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.seconds);
    char text[h3::kHttpDateBytes];
    h3::formatHttpDate(row.seconds, text);
    CHECK(std::string(text, sizeof text) == row.text);
  }
}

TEST_CASE("dates agree with the C library over the years") {
  for (std::time_t seconds = 0; seconds < 4102444800; seconds += 8640007) {
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    char expected[64];
    std::strftime(expected, sizeof expected, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    char text[h3::kHttpDateBytes];
    h3::formatHttpDate(seconds, text);
    CHECK(std::string(text, sizeof text) == expected);
  }
}

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
