// Method, status, media type, date: the tables.
#include <doctest/doctest.h>

#include <ctime>
#include <optional>
#include <string>

#include "h3http/method.hpp"
#include "http/date.hpp"
#include "http/mime.hpp"
#include "http/status.hpp"

using h3::Method;
using h3::MethodSet;

TEST_CASE("methods: each name there and back, everything else is other") {
  for (std::size_t i = 0; i + 1 < h3::kMethodCount; ++i) {
    const auto method = static_cast<Method>(i);
    CHECK((h3::parseMethod(toString(method)) == method));
  }
  CHECK(toString(Method::del) == "DELETE");
  for (const char* token : {"", "get", "Get", "GETS", "GE", "PROPFIND", "OTHER", "DEL", "GET "}) {
    CAPTURE(token);
    CHECK((h3::parseMethod(token) == Method::other));
  }
}

TEST_CASE("method sets list themselves in a fixed order") {
  MethodSet set;
  std::string text;
  set.appendTo(text);
  CHECK(text.empty());
  CHECK(set.empty());
  set.add(Method::post);
  set.add(Method::get);
  set.add(Method::other);
  set.appendTo(text);
  CHECK(text == "GET, POST");
  CHECK((set.count() == 3));
  CHECK(set.contains(Method::post));
  CHECK_FALSE(set.contains(Method::head));
  text.clear();
  MethodSet::all().appendTo(text);
  CHECK(text == "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS, TRACE, CONNECT");
  set.add(MethodSet::all());
  CHECK((set == MethodSet::all()));
}

TEST_CASE("status lines") {
  struct Row {
    int status;
    const char* line;
  };
  const Row rows[] = {
      {100, "HTTP/1.1 100 Continue\r\n"},
      {200, "HTTP/1.1 200 OK\r\n"},
      {404, "HTTP/1.1 404 Not Found\r\n"},
      {431, "HTTP/1.1 431 Request Header Fields Too Large\r\n"},
      {511, "HTTP/1.1 511 Network Authentication Required\r\n"},
      {299, "HTTP/1.1 299 Unknown\r\n"},
      {599, "HTTP/1.1 599 Unknown\r\n"},
      {99, "HTTP/1.1 500 Internal Server Error\r\n"},
      {600, "HTTP/1.1 500 Internal Server Error\r\n"},
      {-1, "HTTP/1.1 500 Internal Server Error\r\n"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CHECK(h3::statusLine(row.status) == row.line);
  }
  CHECK(h3::reasonPhrase(404) == "Not Found");
  CHECK(h3::reasonPhrase(299) == "Unknown");
  CHECK(h3::reasonPhrase(600).empty());
  CHECK(h3::reasonPhrase(99).empty());
}

TEST_CASE("every status line is well formed") {
  for (int status = h3::kFirstStatus; status <= h3::kLastStatus; ++status) {
    const std::string line(h3::statusLine(status));
    CHECK(line ==
          "HTTP/1.1 " + std::to_string(status) + " " + std::string(h3::reasonPhrase(status)) + "\r\n");
    CHECK_FALSE(h3::reasonPhrase(status).empty());
  }
}

TEST_CASE("which statuses have a body and a length") {
  struct Row {
    int status;
    bool body, length;
  };
  const Row rows[] = {{100, false, false}, {101, false, false}, {199, false, false}, {200, true, true},
                      {204, false, false}, {205, true, true},   {304, false, true},  {404, true, true}};
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CHECK(h3::allowsBody(row.status) == row.body);
    CHECK(h3::allowsContentLength(row.status) == row.length);
  }
}

TEST_CASE("media types") {
  struct Row {
    const char* path;
    const char* type;
  };
  const Row rows[] = {
      {"/index.html", "text/html; charset=utf-8"},
      {"/images/kibana-dashboard3.png", "image/png"},
      {"/presentations/logstash/css/print/paper.css", "text/css; charset=utf-8"},
      {"/A.JPG", "image/jpeg"},
      {"app.js", "text/javascript; charset=utf-8"},
      {"a.tar.gz", "application/gzip"},
      {"a.webmanifest", "application/manifest+json"},
      {"font.woff2", "font/woff2"},
      {"7.7z", "application/x-7z-compressed"},
      {"x.zip", "application/zip"},
      {"noextension", "application/octet-stream"},
      {"/dir.html/file", "application/octet-stream"},
      {"trailing.", "application/octet-stream"},
      {"", "application/octet-stream"},
      {"a.extensionofmorethansixteenbytes", "application/octet-stream"},
      {"a.htmlx", "application/octet-stream"},
      {"a.htm\xE9", "application/octet-stream"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CHECK(h3::mimeTypeForPath(row.path) == row.type);
  }
  CHECK(h3::mimeTypeForExtension("svg") == "image/svg+xml");
  CHECK(h3::mimeTypeForExtension(".svg") == "application/octet-stream");
}

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
