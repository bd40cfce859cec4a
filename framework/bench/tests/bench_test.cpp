// What the benchmark's own client and floor must get right, or its figures mean nothing.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "client/request_text.hpp"
#include "client/response_length.hpp"
#include "floor/fixed_response.hpp"

using bench::responseLength;

TEST_CASE("a response ends after its Content-Length") {
  const std::string response = "HTTP/1.1 200 OK\r\nDate: x\r\ncontent-length: 5\r\n\r\nhello";
  CHECK(responseLength(response) == response.size());
  CHECK(responseLength(response + "HTTP/1.1 200 OK\r\n") == response.size());
  CHECK(responseLength(response.substr(0, response.size() - 2)) == response.size());
  CHECK_FALSE(responseLength("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r").has_value());
}

TEST_CASE("a chunked response ends after the empty chunk") {
  const std::string response = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  CHECK(responseLength(response) == response.size());
  for (std::size_t bytes = 47; bytes < response.size() - 4; ++bytes)
    CHECK_FALSE(responseLength(std::string_view(response).substr(0, bytes)).has_value());
}

TEST_CASE("a response that would falsify the figures is an error") {
  CHECK_THROWS_AS(responseLength("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), std::runtime_error);
  CHECK_THROWS_AS(responseLength("HTTP/1.1 200 OK\r\n\r\n"), std::runtime_error);
  CHECK_THROWS_AS(responseLength("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), std::runtime_error);
}

TEST_CASE("a request has the wanted header fields and body") {
  CHECK(bench::requestText({"/plaintext", 1, 0}) ==
        "GET /plaintext HTTP/1.1\r\nHost: localhost:8080\r\n\r\n");
  const std::string post = bench::requestText({"/echo", 1, 3});
  CHECK(post.starts_with("POST /echo HTTP/1.1\r\n"));
  CHECK(post.ends_with("Content-Length: 3\r\n\r\nxxx"));
  const std::string many = bench::requestText({"/", 100, 0});
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = many.find("\r\n", at)) != std::string::npos; at += 2) ++lines;
  CHECK(lines == 1 + 100 + 1);
}

TEST_CASE("the floor counts each request once, however its bytes are cut") {
  const std::string requests = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n\r\n\r\r\n\r\n";
  for (std::size_t first = 0; first <= requests.size(); ++first) {
    for (std::size_t second = first; second <= requests.size(); ++second) {
      bench::HeadEnds ends;
      const std::string_view all = requests;
      CHECK(ends.count(all.substr(0, first)) + ends.count(all.substr(first, second - first)) +
                ends.count(all.substr(second)) ==
            3);
    }
  }
}

TEST_CASE("the floor's response is whole and dated") {
  bench::FixedResponse response;
  const std::string_view text = response.now();
  CHECK(responseLength(text) == text.size());
  CHECK(text.find(" GMT\r\n") != std::string_view::npos);
  CHECK(text.find("01 Jan 1970") == std::string_view::npos);
}
