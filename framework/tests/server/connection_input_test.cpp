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

std::string postOf(std::string_view body) {
  return std::string("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

}  // namespace

TEST_CASE("a body larger than the buffer arrives whole") {
  std::string body(600'000, '\0');
  for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<char>('a' + i % 23);
  const std::string request = postOf(body) + kGet;
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
  driven.arrive(postOf(std::string(13'000, 'x')) + kGet.substr(0, 10));
  driven.arrive(kGet.substr(10, 1));
  driven.context.outputs.clear();
  CHECK(driven.session.services.memory.buffers().stats().inUseBytes == BufferShelf::kBytes);
  driven.arrive(kGet.substr(11));
  CHECK(statusesOf(driven.takeSent()) == "200|200");
}

TEST_CASE("nothing is received without an edge, and once more only when that could bring something") {
  DrivenConnection driven;
  driven.raise(EPOLLOUT);
  CHECK(driven.reactor.receives() == 0);
  driven.arrive(kGet);
  CHECK(driven.reactor.receives() == 1);
}

TEST_CASE("once all input is consumed the whole buffer is there for the next receive") {
  DrivenConnection driven;
  driven.reactor.arrive(kGet);
  driven.raise(EPOLLIN | EPOLLRDHUP);
  CHECK(driven.reactor.receives() == 2);
  CHECK(driven.reactor.lastRoom() == BufferShelf::kBytes);
}

TEST_CASE("a request that fills three quarters of the buffer gets a larger one, not a small receive") {
  DrivenConnection driven;
  const std::string request = postOf(std::string(20'000, 'x'));
  driven.arrive(request.substr(0, 13'000));
  driven.arrive(request.substr(13'000));
  CHECK(driven.reactor.lastRoom() == 2 * BufferShelf::kBytes - 13'000);
  CHECK(statusesOf(driven.takeSent()) == "200");
}

TEST_CASE("a client that has ended its side after a body larger than the buffer gets its response") {
  DrivenConnection driven;
  driven.reactor.arrive(postOf(std::string(40'000, 'x')));
  driven.arriveEnd();
  CHECK((bodyOf(driven.takeSent()) == std::string(40'000, 'x')));
  CHECK(driven.isRecycled());
}

TEST_CASE("the end after most of the buffer is filled is seen") {
  DrivenConnection driven;
  driven.reactor.arrive(postOf(std::string(20'000, 'x')).substr(0, 13'000));
  driven.arriveEnd();
  CHECK(driven.reactor.lastRoom() == BufferShelf::kBytes - 13'000);  // no larger buffer for nothing
  CHECK(driven.takeSent().empty());
  CHECK(driven.isRecycled());
}

TEST_CASE("a request that no buffer can hold closes the connection, once its length is trusted") {
  constexpr std::size_t kPieceBytes = 64 * 1024;
  Config config = Config::testing();
  config.limits.bodyBytes = 2 * BufferPool::kLargestBytes;
  DrivenConnection driven(config);
  driven.arrive("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " +
                std::to_string(config.limits.bodyBytes) + "\r\n\r\n");
  for (std::size_t sent = 0; sent < session::InputWindow::kTrustLengthAfterBytes; sent += kPieceBytes)
    driven.arrive(std::string(kPieceBytes, 'x'));
  CHECK(driven.takeSent().empty());
  CHECK(driven.isRecycled());
  CHECK(driven.reactor.lastRoom() != 0);  // nothing was received once it was closed
}

TEST_CASE("a buffer that has to grow grows within the batch's own receive") {
  DrivenConnection driven;
  driven.arrive(postOf(std::string(20'000, 'x')).substr(0, 13'000));
  driven.connection.onReady(EPOLLIN);
  server::Receive receive;
  CHECK(driven.connection.beginReceive(receive));
  CHECK(receive.room == 2 * BufferShelf::kBytes - 13'000);
}

TEST_CASE("a turn has a batch's request and sixteen rounds") {
  DrivenConnection driven;
  for (int i = 0; i < 20; ++i) driven.reactor.arrive(kGet);
  driven.connection.onReady(EPOLLIN | EPOLLRDHUP);  // so that a short receive is not the last
  server::Batch(driven.reactor).serve(driven.context.queues.ready());
  CHECK(driven.count(Metric::requests) == 1 + 16 / 2);
  CHECK(driven.reactor.receives() == 1 + 16 / 2);
}

TEST_CASE("a turn has a batch's response and 64 KiB of others") {
  DrivenConnection driven;
  for (int i = 0; i < 20; ++i) driven.reactor.arrive(postOf(std::string(12'000, 'x')));
  driven.connection.onReady(EPOLLIN | EPOLLRDHUP);  // so that a short receive is not the last
  server::Batch(driven.reactor).serve(driven.context.queues.ready());
  CHECK(driven.count(Metric::requests) == 1 + 6);
}
