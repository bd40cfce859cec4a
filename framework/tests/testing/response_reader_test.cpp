#include "testing/response_reader.hpp"

#include <doctest/doctest.h>

#include <string>

using h3::test::ClientError;
using h3::test::readResponse;
using h3::test::Response;

namespace {

// What is wrong with the bytes; "" when nothing is.
std::string problemOf(std::string_view bytes, bool toHead = false, bool closed = false) {
  try {
    (void)readResponse(bytes, toHead, closed);
    return {};
  } catch (const ClientError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("a response by its length, in chunks, or up to the end") {
  const Response counted =
      readResponse("HTTP/1.1 201 Made\r\nContent-Length: 2\r\nX-A: 1\r\nx-a: 2\r\n\r\nok", false, false);
  CHECK(counted.status == 201);
  CHECK(counted.reason == "Made");
  CHECK(counted.body == "ok");
  CHECK(counted.header("X-a") == "1");
  CHECK(counted.headerCount("X-A") == 2);
  CHECK_FALSE(counted.header("X-B"));
  CHECK_FALSE(counted.closesConnection);
  const Response chunked = readResponse(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: T\r\n\r\n2\r\nab\r\n1;x=y\r\nc\r\n0\r\nT: 1\r\n\r\n",
      false, false);
  CHECK(chunked.body == "abc");
  CHECK(chunked.header("T") == "1");
  const Response open = readResponse("HTTP/1.0 200 OK\r\n\r\nrest", false, true);
  CHECK(open.body == "rest");
  CHECK(open.closesConnection);
}

TEST_CASE("responses without a body") {
  CHECK(readResponse("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", true, false).body.empty());
  CHECK(readResponse("HTTP/1.1 204 No Content\r\n\r\n", false, false).status == 204);
  CHECK(readResponse("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", false, false).status == 304);
  CHECK(problemOf("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", true).find("further bytes") !=
        std::string::npos);
}

TEST_CASE("interim responses come first") {
  const Response response = readResponse(
      "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: "
      "0\r\n\r\n",
      false, false);
  CHECK(response.status == 200);
  CHECK(response.interim == std::vector<int>{103, 100});
  CHECK_FALSE(response.header("Link"));
}

TEST_CASE("bytes that are not one whole response are named") {
  CHECK(problemOf("").find("found nothing") != std::string::npos);
  CHECK(problemOf("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok").find("found a part") !=
        std::string::npos);
  CHECK(problemOf("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok", false, true).find("then the end") !=
        std::string::npos);
  CHECK(problemOf("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nok").find("further bytes behind it") !=
        std::string::npos);
  CHECK(problemOf("HTTP/1.1 2OO OK\r\n\r\n").find("at \"HTTP/1.1 2OO") != std::string::npos);
  CHECK(problemOf("HTTP/1.1 200 OK\r\nA b: 1\r\n\r\n").find("found bad field") != std::string::npos);
}
