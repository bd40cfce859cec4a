#include "http/status.hpp"

#include <doctest/doctest.h>

#include <string>

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
                      {204, false, false}, {205, false, true},  {304, false, true},  {404, true, true}};
  for (const Row& row : rows) {
    CAPTURE(row.status);
    CHECK(h3::allowsBody(row.status) == row.body);
    CHECK(h3::allowsContentLength(row.status) == row.length);
  }
}
