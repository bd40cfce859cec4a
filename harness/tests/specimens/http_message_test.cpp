#include "server/http_message.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using specimen::queryValue;
using specimen::readRequest;

TEST_CASE("a request is read whole, and not before its last byte") {
  const std::string input = "POST /login?i=7 HTTP/1.1\r\nHost: a\r\nCONTENT-length:  4 \r\n\r\nbody";
  for (std::size_t size = 0; size < input.size(); ++size) {
    CAPTURE(size);
    const auto part = readRequest(std::string_view(input).substr(0, size));
    CHECK(part.status == 0);
    CHECK(part.bytes == 0);
  }
  const std::string two = input + "GET / HTTP/1.1\r\n\r\n";
  const auto read = readRequest(two);
  CHECK(read.status == 0);
  CHECK(read.bytes == input.size());
  CHECK(read.request.method == "POST");
  CHECK(read.request.path == "/login");
  CHECK(read.request.query == "i=7");
  CHECK(read.request.body == "body");
  CHECK(read.request.keepAlive);
}

TEST_CASE("keep-alive follows the version and the Connection field") {
  const auto keepsAlive = [](const char* input) { return readRequest(input).request.keepAlive; };
  CHECK(keepsAlive("GET / HTTP/1.1\r\n\r\n"));
  CHECK_FALSE(keepsAlive("GET / HTTP/1.0\r\n\r\n"));
  CHECK_FALSE(keepsAlive("GET / HTTP/1.1\r\nConnection: Close\r\n\r\n"));
  CHECK(keepsAlive("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n"));
}

TEST_CASE("what the server cannot read is refused") {
  const auto withLength = [](const std::string& length) {
    return "POST / HTTP/1.1\r\nContent-Length: " + length + "\r\n\r\n";
  };
  const auto withHeadOf = [](std::size_t bytes) {
    const std::string start = "GET / HTTP/1.1\r\nX: ";
    return start + std::string(bytes - start.size(), 'x') + "\r\n\r\n";
  };
  struct Case {
    std::string input;
    int status;
  };
  const std::vector<Case> cases = {
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\n\r\n", 400},
      {"GET x HTTP/1.1\r\n\r\n", 400},
      {withLength(""), 400},
      {withLength("1x"), 400},
      {withLength("-1"), 400},
      {withLength("99999999999999999999"), 400},
      {withLength(std::to_string(specimen::kBodyBytesMax)), 0},
      {withLength(std::to_string(specimen::kBodyBytesMax + 1)), 413},
      {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
      {withHeadOf(specimen::kHeadBytesMax), 0},
      {withHeadOf(specimen::kHeadBytesMax + 1), 431},
      {std::string(specimen::kHeadBytesMax, 'x'), 0},
      {std::string(specimen::kHeadBytesMax + 1, 'x'), 431},
  };
  for (const auto& [input, status] : cases) {
    CAPTURE(input.substr(0, 60));
    CAPTURE(input.size());
    CHECK(readRequest(input).status == status);
  }
}

TEST_CASE("query values are found by whole names") {
  CHECK(queryValue("i=7", "i") == "7");
  CHECK(queryValue("ii=1&i=2&i=3", "i") == "2");
  CHECK(queryValue("i", "i") == "");
  CHECK(queryValue("", "i") == "");
  CHECK(queryValue("x=1", "i") == "");
}
