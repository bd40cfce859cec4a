// A connection's life without a socket: requests, pipelines, short writes, the client's end, and its own.
#include "server/connection.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <string>

#include "driven_connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kBad = "GET  / HTTP/1.1\r\n\r\n";

std::string post(std::string_view body, std::string_view fields = "") {
  return std::string("POST /echo HTTP/1.1\r\nHost: a\r\n")
      .append(fields)
      .append("Content-Length: ")
      .append(std::to_string(body.size()))
      .append("\r\n\r\n")
      .append(body);
}

// Of a GET / on a connection of its own.
std::string wholeResponse() {
  DrivenConnection other;
  other.arrive(kGet);
  return other.takeSent();
}

}  // namespace

TEST_CASE("a request gets its response within one batch, and an idle connection holds nothing") {
  DrivenConnection driven;
  driven.reactor.arrive(kGet);
  CHECK(driven.raise(EPOLLIN) == 1);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200");
  CHECK(bodyOf(sent) == "hello");
  CHECK(driven.reactor.sends() == 1);
  CHECK(driven.connection.isOpen());
  CHECK(driven.eventsInUse() == 0);
  CHECK(driven.buffersInUse() == 0);
  CHECK_FALSE(driven.connection.owesResponse());
  CHECK(driven.count(Metric::bytesReceived) == kGet.size());
  CHECK(driven.count(Metric::bytesSent) == sent.size());
}

TEST_CASE("a request that arrives byte by byte gets its response once it is whole") {
  DrivenConnection driven;
  for (std::size_t i = 0; i + 1 < kGet.size(); ++i) driven.arrive(kGet.substr(i, 1));
  CHECK(driven.takeSent().empty());
  CHECK(driven.connection.owesResponse());
  CHECK(driven.buffersInUse() == 1);
  driven.arrive(kGet.substr(kGet.size() - 1));
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.count(Metric::requests) == 1);
}

TEST_CASE("pipelined requests get their responses in order with one send") {
  DrivenConnection driven;
  driven.arrive(kGet + post("second") + kGet.substr(0, 5));
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK(sent.find("hello") < sent.find("second"));
  CHECK(driven.reactor.sends() == 1);
  driven.arrive(kGet.substr(5));
  CHECK(statusesOf(driven.takeSent()) == "200");
}

TEST_CASE("no more responses are gathered than the pipeline's depth, and all are sent") {
  Config config = Config::testing();
  config.limits.pipelineDepth = 2;
  DrivenConnection driven(config);
  driven.arrive(kGet + kGet + kGet + kGet + kGet);
  CHECK(statusesOf(driven.takeSent()) == "200|200|200|200|200");
  CHECK(driven.reactor.sends() == 3);
}

TEST_CASE("a short write is continued after the next edge, where it stopped") {
  const std::string expected = wholeResponse();
  for (const ssize_t accepted : {ssize_t{1}, ssize_t{20}, static_cast<ssize_t>(expected.size()) - 1}) {
    CAPTURE(accepted);
    DrivenConnection driven;
    driven.reactor.acceptNext({accepted, -EAGAIN});
    driven.arrive(kGet);
    CHECK(driven.takeSent() == expected.substr(0, static_cast<std::size_t>(accepted)));
    CHECK(driven.connection.owesResponse());
    driven.raise(EPOLLOUT);
    CHECK(driven.takeSent() == expected.substr(static_cast<std::size_t>(accepted)));
    CHECK(driven.count(Metric::bytesSent) == expected.size());
    CHECK_FALSE(driven.connection.owesResponse());
    CHECK(driven.buffersInUse() == 0);
  }
}

TEST_CASE("interrupted calls are repeated") {
  DrivenConnection driven;
  driven.reactor.arriveError(EINTR);
  driven.reactor.acceptNext({-EINTR, -EINTR});
  driven.arrive(kGet);
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.connection.isOpen());
}

TEST_CASE("while a client takes no response nothing is received from it; then no edge is needed") {
  DrivenConnection driven;
  driven.reactor.acceptNext({-EAGAIN});
  driven.arrive(kGet);
  driven.reactor.arrive(kGet);
  driven.raise(EPOLLIN);
  CHECK(driven.reactor.waitingBytes() == kGet.size());
  CHECK(driven.takeSent().empty());
  driven.raise(EPOLLOUT);
  CHECK(driven.reactor.waitingBytes() == 0);
  CHECK(statusesOf(driven.takeSent()) == "200|200");
}

TEST_CASE("input that was buffered when a send was held is processed without another edge") {
  Config config = Config::testing();
  config.limits.pipelineDepth = 1;
  DrivenConnection driven(config);
  driven.reactor.acceptNext({-EAGAIN});
  driven.arrive(kGet + kGet);
  CHECK(driven.takeSent().empty());
  driven.raise(EPOLLOUT);
  CHECK(statusesOf(driven.takeSent()) == "200|200");
}

TEST_CASE("a failed receive or send closes immediately") {
  SUBCASE("receive") {
    DrivenConnection driven;
    driven.reactor.arriveError(ECONNRESET);
    driven.raise(EPOLLIN);
    CHECK(driven.isRecycled());
  }
  SUBCASE("send") {
    DrivenConnection driven;
    driven.reactor.acceptNext({-EPIPE});
    driven.arrive(kGet);
    CHECK(driven.takeSent().empty());
    CHECK(driven.isRecycled());
  }
  SUBCASE("a send that continues") {
    DrivenConnection driven;
    driven.reactor.acceptNext({5, -EPIPE});
    driven.arrive(kGet);
    CHECK(driven.takeSent() == "HTTP/");
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("a client that ends its side while idle is closed") {
  DrivenConnection driven;
  driven.arriveEnd();
  CHECK_FALSE(driven.reactor.isShutDown());
  CHECK(driven.isRecycled());
}

TEST_CASE("a request and the client's end on one edge: the response, then the end") {
  DrivenConnection driven;
  driven.reactor.arrive(kGet);
  driven.arriveEnd();
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.isRecycled());
}

TEST_CASE("the client's end without a whole request is the connection's") {
  DrivenConnection driven;
  driven.reactor.arrive(kGet.substr(0, 10));
  driven.arriveEnd();
  CHECK(driven.takeSent().empty());
  CHECK(driven.isRecycled());
}

TEST_CASE("a half-closed client that is slow gets all of its response before the close") {
  DrivenConnection driven;
  driven.reactor.acceptNext({10, -EAGAIN, 10, -EAGAIN});
  driven.reactor.arrive(kGet);
  driven.arriveEnd();
  CHECK(driven.connection.isOpen());
  driven.raise(EPOLLOUT);
  CHECK(driven.connection.isOpen());
  driven.raise(EPOLLOUT);
  CHECK(driven.takeSent() == wholeResponse());
  CHECK(driven.isRecycled());
}

TEST_CASE("nothing is closed before the reactor has sent what it accepted") {
  DrivenConnection driven;
  driven.reactor.setAllSent(false);
  driven.reactor.arrive(kGet);
  driven.arriveEnd();
  CHECK(driven.connection.isOpen());
  driven.reactor.setAllSent(true);
  driven.raise(EPOLLOUT);
  CHECK(driven.isRecycled());
}

TEST_CASE("after a closing response: end of output, input discarded, closed at the client's end") {
  DrivenConnection driven;
  driven.arrive(kGetAndClose + kGet);
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.reactor.isShutDown());
  CHECK(driven.connection.isOpen());
  CHECK_FALSE(driven.connection.owesResponse());
  driven.arrive(kGet);
  CHECK(driven.takeSent().empty());
  CHECK(driven.connection.isOpen());
  CHECK(driven.buffersInUse() == 0);
  driven.arriveEnd();
  CHECK(driven.isRecycled());
}

TEST_CASE("after a closing response to a client that has ended its side there is nothing to wait for") {
  DrivenConnection driven;
  driven.reactor.acceptNext({-EAGAIN});
  driven.reactor.arrive(kGetAndClose);
  driven.arriveEnd();
  driven.raise(EPOLLOUT);
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.isRecycled());
}

TEST_CASE("the output is ended only once the last response has been sent") {
  SUBCASE("the client is slow") {
    DrivenConnection driven;
    driven.reactor.acceptNext({10, -EAGAIN});
    driven.arrive(kGetAndClose);
    CHECK_FALSE(driven.reactor.isShutDown());
    driven.raise(EPOLLOUT);
    CHECK(driven.reactor.isShutDown());
  }
  SUBCASE("the reactor's sends are under way") {
    DrivenConnection driven;
    driven.reactor.setAllSent(false);
    driven.arrive(kGetAndClose);
    CHECK_FALSE(driven.reactor.isShutDown());
    driven.reactor.setAllSent(true);
    driven.raise(EPOLLOUT);
    CHECK(driven.reactor.isShutDown());
  }
}

TEST_CASE("a refused request: its response, and whatever follows is no request") {
  DrivenConnection driven;
  driven.arrive(kGet + kBad + kGet);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|400");
  CHECK(sent.find("Connection: close") != std::string::npos);
  CHECK(driven.reactor.isShutDown());
  driven.arrive(kGet);
  CHECK(driven.takeSent().empty());
  CHECK(driven.count(Metric::requests) == 2);
}

TEST_CASE("a refused client that does not stop sending is closed after 64 MiB") {
  constexpr std::size_t kMaxBytes = 64 * 1024 * 1024;
  constexpr std::size_t kPieceBytes = 8 * 1024;
  DrivenConnection driven;
  driven.arrive(kBad);  // discarded as well, once it is refused
  std::size_t discarded = kBad.size();
  for (; discarded + kPieceBytes <= kMaxBytes; discarded += kPieceBytes)
    driven.arrive(std::string(kPieceBytes, 'x'));
  driven.arrive(std::string(kMaxBytes - discarded, 'x'));
  CHECK(driven.connection.isOpen());
  driven.arrive("x");
  CHECK(driven.isRecycled());
}

TEST_CASE("a response that no buffer can hold closes the connection, within a batch and beyond it") {
  Config config = Config::testing();
  config.serverName = std::string(BufferPool::kLargestBytes, 's');
  for (const std::size_t firstBytes : {kGet.size(), std::size_t{10}}) {
    CAPTURE(firstBytes);
    DrivenConnection driven(config);
    driven.reactor.arrive(kGet.substr(0, firstBytes));
    if (firstBytes != kGet.size()) driven.reactor.arrive(kGet.substr(firstBytes));
    driven.raise(EPOLLIN | EPOLLRDHUP);  // so that a short receive is not the last
    CHECK(driven.takeSent().empty());
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("an expectation is met first, then the body is read") {
  DrivenConnection driven;
  const std::string request = post("body", "Expect: 100-continue\r\n");
  driven.arrive(request.substr(0, request.size() - 4));
  CHECK(driven.takeSent() == "HTTP/1.1 100 Continue\r\n\r\n");
  driven.arrive("body");
  CHECK(bodyOf(driven.takeSent()) == "body");
}

TEST_CASE("a refused expectation ends the connection") {
  DrivenConnection driven;
  driven.arrive("POST /none HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
  CHECK(statusesOf(driven.takeSent()) == "404");
  CHECK(driven.reactor.isShutDown());
  driven.arrive("body" + kGet);
  CHECK(driven.takeSent().empty());
}

TEST_CASE("a client that never stops sending leaves the others their turn") {
  DrivenConnection driven;
  for (int i = 0; i < 100; ++i) driven.reactor.arrive(kGet);
  driven.reactor.arriveError(EINTR);
  driven.connection.onReady(EPOLLIN | EPOLLRDHUP);  // so that a short receive is not the last
  CHECK(driven.serve() > 3);
  const std::string sent = driven.takeSent();
  CHECK(std::count(sent.begin(), sent.end(), 'H') == 100);
}

TEST_CASE("an aborted or failed connection is closed, whatever it was doing") {
  for (const std::string_view sent : {std::string_view(""), std::string_view(kGet).substr(0, 9)}) {
    for (const bool failed : {false, true}) {
      DrivenConnection driven;
      if (!sent.empty()) driven.arrive(sent);
      failed ? driven.connection.fail("on purpose") : driven.connection.abort();
      driven.connection.abort();  // closes once
      driven.serve();
      CHECK_FALSE(driven.connection.owesResponse());
      CHECK(driven.isRecycled());
    }
  }
}

TEST_CASE("a closed connection serves the next client from the start") {
  DrivenConnection driven;
  driven.arrive(kBad);
  driven.reactor.arrive("x");
  driven.arriveEnd();
  REQUIRE(driven.isRecycled());
  CHECK(statusesOf(driven.takeSent()) == "400");
  (void)driven.limiter.acquire(DrivenConnection::kAddress);
  driven.connection.open(FakeReactor::kSocket, DrivenConnection::kAddress);
  driven.arrive(kGet);
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.connection.isOpen());
}
