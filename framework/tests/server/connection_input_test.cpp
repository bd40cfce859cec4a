// connection.cpp and input_window.cpp.
// What a connection does with requests that are larger than a receive, or than its buffer.
#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "driven_connection.hpp"
#include "server/connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kGet = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

std::string post(std::string_view body) {
  return std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

}  // namespace

TEST_CASE("a body larger than the buffer arrives whole") {
  std::string body(600'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  const std::string request = post(body) + kGet;
  for (const std::size_t piece : {5'000U, 16'384U, 100'000U}) {
    CAPTURE(piece);
    DrivenConnection driven;
    for (std::size_t at = 0; at < request.size(); at += piece) driven.arrive(request.substr(at, piece));
    const std::string sent = driven.takeSent();
    CHECK((bodyOf(sent).substr(0, body.size()) == body));
    CHECK(statusesOf(sent) == "200|200");
    CHECK(driven.buffersInUse() == 0);
  }
}

TEST_CASE("a chunked body's gaps are closed before a larger buffer is taken") {
  DrivenConnection driven;
  driven.arrive("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 6'000; ++i) driven.arrive("1\r\nx\r\n");
  CHECK(driven.session.services.memory.buffers().stats().inUseBytes == BufferShelf::kBytes);
  driven.arrive("0\r\n\r\n");
  CHECK((bodyOf(driven.takeSent()) == std::string(6'000, 'x')));
}

TEST_CASE("a part of a request moves to the front before a larger buffer is taken") {
  DrivenConnection driven;
  driven.arrive(post(std::string(13'000, 'x')) + kGet.substr(0, 10));
  driven.arrive(kGet.substr(10, 1));
  driven.context.outputs.clear();
  CHECK(driven.session.services.memory.buffers().stats().inUseBytes == BufferShelf::kBytes);
  driven.arrive(kGet.substr(11));
  CHECK(statusesOf(driven.takeSent()) == "200|200");
}
