// connection.cpp, plain_transport.cpp and batch.cpp.
// What a connection owes and cannot send yet: large bodies, bytes handed back, handlers that respond later.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "driven_connection.hpp"
#include "server/connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kGetPieces = "GET /pieces HTTP/1.1\r\nHost: a\r\n\r\n";
const std::string kLargeBody(DrivenConnection::kLargeBytes, 'L');

// The first two steps of a batch.
void receiveAndRespond(DrivenConnection& driven) {
  driven.connection.onReady(EPOLLIN);
  server::Receive receive;
  REQUIRE(driven.connection.beginReceive(receive));
  driven.reactor.receive({&receive, 1});
  driven.connection.endReceive(receive.result);
  driven.connection.respond();
}

}  // namespace

TEST_CASE("a large body is sent without a copy, and the next response follows it") {
  DrivenConnection driven;
  driven.arrive(kGetLarge + kGet);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK((bodyOf(sent).substr(0, DrivenConnection::kLargeBytes) == kLargeBody));
  CHECK(sent.ends_with("hello"));
  CHECK(driven.count(Metric::bytesSent) == sent.size());
  CHECK(driven.eventsInUse() == 0);
}

TEST_CASE("a connection sends a bounded number of bytes in a turn, then it is the others'") {
  constexpr std::size_t kMaxBytesPerTurn = 6 * 64 * 1024;  // at first four times 64 KiB, and what is copied
  constexpr std::size_t kPieces = 20;
  const std::string piece(100'000, 'p');
  DrivenConnection driven;
  driven.pieces.assign(kPieces - 1, {BodySource::Outcome::more, piece});
  driven.pieces.push_back({BodySource::Outcome::last, piece});
  driven.piecesBytes = kPieces * piece.size();
  driven.reactor.arrive(kGetLarge + kGetPieces + kGetLarge);
  driven.connection.onReady(EPOLLIN);
  std::string sent;
  while (driven.context.queues.hasReady()) {
    driven.serveOnce();
    const std::string some = driven.takeSent();
    REQUIRE(some.size() <= kMaxBytesPerTurn);
    sent += some;
  }
  CHECK(statusesOf(sent) == "200|200|200");
  CHECK(sent.size() > kPieces * piece.size() + 2 * DrivenConnection::kLargeBytes);
  CHECK(driven.eventsInUse() == 0);
}

TEST_CASE("a large response is sent before the batch's next connection responds, a small one is not") {
  for (const bool large : {false, true}) {
    DrivenConnection driven;
    driven.reactor.arrive(large ? kGetLarge : kGet);
    receiveAndRespond(driven);
    CHECK((driven.reactor.sends() != 0) == large);
  }
}

TEST_CASE("of a new large response 256 KiB are sent before the batch's next connection responds") {
  const std::string piece(600'000, 'p');
  DrivenConnection driven;
  driven.pieces = {{BodySource::Outcome::last, piece}};
  driven.piecesBytes = piece.size();
  driven.reactor.arrive(kGetPieces);
  receiveAndRespond(driven);
  CHECK(bodyOf(driven.takeSent()).size() == 256 * 1024);
}

TEST_CASE("a large body that the client takes in pieces keeps its event until it is sent") {
  DrivenConnection driven;
  driven.reactor.acceptNext({100, 100, -EAGAIN});
  driven.arrive(kGetLarge + kGet);
  CHECK(driven.eventsInUse() == 1);
  driven.reactor.acceptNext({20'000, 50'000, -EAGAIN});
  driven.raise(EPOLLOUT);
  CHECK(driven.eventsInUse() == 1);
  CHECK(driven.connection.owesResponse());
  driven.raise(EPOLLOUT);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK((bodyOf(sent).substr(0, DrivenConnection::kLargeBytes) == kLargeBody));
  CHECK(driven.count(Metric::bytesSent) == sent.size());
  CHECK(driven.eventsInUse() == 0);
}

TEST_CASE(
    "a body in pieces: each is fetched when the client has taken the last, and the next response follows") {
  DrivenConnection driven;
  driven.pieces = {{BodySource::Outcome::more, "one "},
                   {BodySource::Outcome::more, "two "},
                   {BodySource::Outcome::last, "three"}};
  driven.piecesBytes = 13;
  driven.reactor.acceptNext({1000, 2, -EAGAIN});
  driven.arrive(kGetPieces + kGet);
  CHECK(driven.pieces.size() == 2);
  CHECK(driven.eventsInUse() == 1);
  driven.reactor.acceptNext({2, 4, -EAGAIN});
  driven.raise(EPOLLOUT);
  CHECK(driven.pieces.empty());
  CHECK(driven.eventsInUse() == 1);
  driven.raise(EPOLLOUT);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK(sent.find("Content-Length: 13\r\n") != std::string::npos);
  CHECK(bodyOf(sent).starts_with("one two threeHTTP/1.1 200"));
  CHECK(driven.count(Metric::bytesSent) == sent.size());
  CHECK(driven.eventsInUse() == 0);
}

TEST_CASE("a body that cannot be completed cuts the connection, and no further request is served") {
  DrivenConnection driven;
  driven.pieces = {{BodySource::Outcome::more, "one "}, {BodySource::Outcome::failed, ""}};
  driven.piecesBytes = 13;
  driven.arrive(kGetPieces + kGet);
  CHECK(bodyOf(driven.takeSent()) == "one ");
  CHECK(driven.hooks == 1);
  CHECK(driven.count(Metric::bodiesCut) == 1);
  CHECK(driven.isRecycled());
}

TEST_CASE("to HEAD no piece is fetched") {
  DrivenConnection driven;
  driven.piecesBytes = 13;
  driven.arrive("HEAD /pieces HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK(sent.find("Content-Length: 13\r\n") != std::string::npos);
  CHECK(driven.eventsInUse() == 0);
}

TEST_CASE("a client that leaves within a large body") {
  DrivenConnection driven;
  driven.reactor.acceptNext({20'000, 50'000, -ECONNRESET});
  driven.arrive(kGetLarge);
  CHECK(driven.isRecycled());
}

TEST_CASE("bytes that the reactor hands back go first after the next edge, and count once") {
  DrivenConnection driven;
  driven.arrive(kGet);
  const std::string sent = driven.takeSent();
  driven.connection.onReturned(std::string_view(sent).substr(30));
  CHECK(driven.connection.owesResponse());
  driven.reactor.arrive(kGet);
  driven.raise(EPOLLIN);
  CHECK(driven.takeSent().empty());
  CHECK(driven.reactor.waitingBytes() == kGet.size());
  driven.raise(EPOLLOUT);
  const std::string rest = driven.takeSent();
  CHECK(rest.starts_with(sent.substr(30)));
  CHECK(statusesOf(rest) == "200");
  CHECK(driven.count(Metric::bytesSent) == 2 * sent.size());
}

TEST_CASE("a handler that responds later: nothing is received meanwhile") {
  DrivenConnection driven;
  driven.arrive(kGetLater + kGet);
  REQUIRE(driven.later != nullptr);
  CHECK(driven.takeSent().empty());
  CHECK(driven.connection.owesResponse());
  driven.reactor.arrive(kGet);
  CHECK(driven.raise(EPOLLIN) == 1);  // and not again and again
  CHECK(driven.reactor.waitingBytes() == kGet.size());
  driven.completeLater();
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200|200");
  CHECK(bodyOf(sent).starts_with("later"));
  CHECK(driven.eventsInUse() == 0);
  CHECK(driven.hooks == 3);
}

TEST_CASE("responses before a handler that responds later are not held up") {
  DrivenConnection driven;
  driven.arrive(kGet + kGetLater);
  CHECK(statusesOf(driven.takeSent()) == "200");
  driven.completeLater();
  CHECK(statusesOf(driven.takeSent()) == "200");
}

TEST_CASE("a deferred handler that ends within its own call") {
  DrivenConnection driven;
  driven.arrive("GET /instant HTTP/1.1\r\nHost: a\r\n\r\n" + kGet);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200|200");
  CHECK(bodyOf(sent).starts_with("instant"));
  CHECK(driven.hooks == 2);
}

TEST_CASE("a deferred handler can see that its client has left") {
  DrivenConnection driven;
  driven.arrive(kGetLater);
  REQUIRE(driven.later != nullptr);
  driven.raise(EPOLLRDHUP);
  CHECK_FALSE(driven.later->disconnected());  // it may only have ended its side
  driven.raise(EPOLLHUP);
  CHECK(driven.later->disconnected());
  driven.completeLater();
  CHECK(driven.isRecycled());
}

TEST_CASE(
    "a client that is gone is closed under its deferred handler, and the pipelined rest starts no other") {
  const std::string pipelined = kGetLater + kGetLater + kGet;
  for (const std::uint32_t gone : {EPOLLHUP, EPOLLERR}) {
    DrivenConnection driven;
    driven.arrive(pipelined);
    REQUIRE(driven.later != nullptr);
    driven.raise(gone);
    CHECK(driven.reactor.isClosed());
    CHECK(driven.limiter.open() == 0);
    CHECK(driven.recycled == 0);  // the handler still uses the event
    driven.completeLater();
    CHECK(driven.later == nullptr);
    CHECK(driven.hooks == 1);
    CHECK(driven.takeSent().empty());
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("requests that arrive together with the news that the client is gone reach no handler") {
  for (const std::uint32_t gone : {EPOLLHUP, EPOLLERR}) {
    DrivenConnection driven;
    driven.arrive(kGet + kGet, EPOLLIN | EPOLLRDHUP | gone);
    CHECK(driven.hooks == 0);
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("a client that is gone within a large body releases its event immediately") {
  DrivenConnection driven;
  driven.reactor.acceptNext({100, 100, -EAGAIN});
  driven.arrive(kGetLarge + kGet);
  CHECK(driven.eventsInUse() == 1);
  driven.raise(EPOLLHUP);
  CHECK(driven.hooks == 1);
  CHECK(driven.isRecycled());
}

TEST_CASE("a connection that closes under a deferred handler is used again only after that has ended") {
  DrivenConnection driven;
  driven.arrive(kGetLater);
  REQUIRE(driven.later != nullptr);
  driven.connection.abort();
  driven.serve();
  CHECK(driven.reactor.isClosed());
  CHECK(driven.later->disconnected());
  CHECK(driven.recycled == 0);
  CHECK(driven.eventsInUse() == 1);
  CHECK(driven.hooks == 0);
  driven.completeLater();
  CHECK(driven.takeSent().empty());
  CHECK(driven.hooks == 1);
  CHECK(driven.isRecycled());
}

TEST_CASE("a half-closed client gets the response that comes later, then the end") {
  DrivenConnection driven;
  driven.reactor.arrive(kGetLater);
  driven.arriveEnd();
  CHECK(driven.connection.isOpen());
  driven.completeLater();
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.isRecycled());
}

TEST_CASE("while a large body waits for its client, input waits without another batch") {
  DrivenConnection driven;
  driven.reactor.acceptNext({20'000, 50'000, -EAGAIN});
  driven.arrive(kGetLarge);
  driven.reactor.arrive(kGet);
  CHECK(driven.raise(EPOLLIN) == 1);
  CHECK(driven.reactor.waitingBytes() == kGet.size());
  driven.raise(EPOLLOUT);
  CHECK(statusesOf(driven.takeSent()) == "200|200");
}

TEST_CASE("a response that does not end the connection does not end its output") {
  DrivenConnection driven;
  driven.arrive(kGetLarge);
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK_FALSE(driven.reactor.isShutDown());
}

TEST_CASE("the output of a closed connection is not ended") {
  DrivenConnection driven;
  driven.reactor.acceptNext({5, -EPIPE});
  driven.arrive("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK_FALSE(driven.reactor.isShutDown());
  CHECK(driven.isRecycled());
}

TEST_CASE("a connection that cannot hold what is handed back is closed") {
  DrivenConnection driven;
  driven.connection.onReturned(std::string(BufferPool::kLargestBytes + 1, 'x'));
  driven.serve();
  CHECK(driven.isRecycled());
}
