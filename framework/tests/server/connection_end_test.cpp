// connection.cpp and connection_deadlines.cpp.
// How a connection ends when its client does not: deadlines and the server's stop.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "driven_connection.hpp"
#include "server/connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kHalfBody = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf";

}  // namespace

TEST_CASE("an idle connection is closed without a response") {
  const TimeoutConfig timeouts;
  DrivenConnection driven;
  driven.arrive(kGet);
  (void)driven.takeSent();
  driven.checkDeadlinesAfter(timeouts.idleMs);
  CHECK(driven.connection.isOpen());
  driven.checkDeadlinesAfter(timeouts.idleMs + 1'000);
  CHECK(driven.takeSent().empty());
  CHECK(driven.count(Metric::connectionsTimedOut) == 1);
  CHECK_FALSE(driven.reactor.isReset());
  CHECK(driven.isRecycled());
}

TEST_CASE("a request that is not whole in time is refused with 408, and the client may read that") {
  const TimeoutConfig timeouts;
  for (const bool body : {false, true}) {
    CAPTURE(body);
    DrivenConnection driven;
    driven.arrive(body ? kHalfBody : kGet.substr(0, 10));
    driven.checkDeadlinesAfter(body ? timeouts.bodyGraceMs - 1'000 : timeouts.headerMs - 1'000);
    CHECK(driven.takeSent().empty());
    driven.checkDeadlinesAfter(timeouts.headerMs + 1'000);
    const std::string sent = driven.takeSent();
    CHECK(statusesOf(sent) == "408");
    CHECK(sent.find("Connection: close") != std::string::npos);
    CHECK(driven.count(Metric::connectionsTimedOut) == 1);
    CHECK(driven.reactor.isShutDown());
    driven.checkDeadlinesAfter(timeouts.lingerMs - 1'000);
    CHECK(driven.connection.isOpen());
    driven.checkDeadlinesAfter(timeouts.lingerMs + 1'000);
    CHECK(driven.count(Metric::connectionsTimedOut) == 1);
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("the time for a head runs from its first byte, not from when the connection was idle") {
  DrivenConnection driven;
  driven.letTimePass();
  driven.arrive(kGet.substr(0, 10));
  driven.checkDeadlinesAfter(TimeoutConfig().headerMs);
  CHECK(driven.takeSent().empty());
  driven.checkDeadlinesAfter(TimeoutConfig().headerMs + 1'000);
  CHECK(statusesOf(driven.takeSent()) == "408");
}

TEST_CASE("the time for a head does not start again while an earlier response is sent") {
  DrivenConnection driven;
  driven.reactor.acceptNext({10, -EAGAIN});
  driven.arrive(kGet + kGet.substr(0, 10));
  driven.letTimePass();
  driven.raise(EPOLLOUT);
  CHECK(statusesOf(driven.takeSent()) == "200");
  driven.checkDeadlinesAfter(TimeoutConfig().headerMs);
  CHECK(statusesOf(driven.takeSent()) == "408");
}

TEST_CASE("the output is not ended for a client that has ended its side: the connection closes") {
  DrivenConnection driven;
  driven.reactor.setAllSent(false);
  driven.reactor.arrive(kGet.substr(0, 10));
  driven.arriveEnd();
  REQUIRE(driven.connection.isOpen());
  driven.reactor.setAllSent(true);
  driven.checkDeadlinesAfter(TimeoutConfig().headerMs + 1'000);
  CHECK(statusesOf(driven.takeSent()) == "408");
  CHECK_FALSE(driven.reactor.isShutDown());
  CHECK(driven.isRecycled());
}

TEST_CASE("a client that takes nothing of its response is reset, one that takes enough is not") {
  const TimeoutConfig timeouts;
  DrivenConnection driven;
  driven.reactor.acceptNext({9'000, 60'000, -EAGAIN});
  driven.reactor.setUnacknowledged(60'000);
  driven.arrive("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  driven.checkDeadlinesAfter(0);
  driven.checkDeadlinesAfter(timeouts.writeMs - 1'000);
  driven.reactor.setUnacknowledged(10'000);
  driven.checkDeadlinesAfter(timeouts.writeMs - 500);
  driven.checkDeadlinesAfter(2 * timeouts.writeMs - 500);
  CHECK(driven.connection.isOpen());
  driven.checkDeadlinesAfter(2 * timeouts.writeMs - 499);
  CHECK(driven.count(Metric::connectionsTimedOut) == 1);
  CHECK(driven.reactor.isReset());
  CHECK(driven.isRecycled());
}

TEST_CASE("an upload that stalls is refused after the grace, however much has arrived") {
  const TimeoutConfig timeouts;
  DrivenConnection driven;
  driven.arrive("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 24000\r\n\r\n" + std::string(12'000, 'x'));
  driven.checkDeadlinesAfter(0);
  driven.checkDeadlinesAfter(timeouts.bodyGraceMs);
  CHECK(driven.takeSent().empty());
  driven.checkDeadlinesAfter(timeouts.bodyGraceMs + 1);
  CHECK(statusesOf(driven.takeSent()) == "408");
  CHECK_FALSE(driven.reactor.isReset());
}

TEST_CASE("without a deadline a handler has all the time that it needs") {
  Config config = Config::testing();
  config.timeouts.handlerMs = 0;
  DrivenConnection driven(config);
  driven.arrive(kGetLater);
  driven.checkDeadlinesAfter(1'000'000'000);
  CHECK(driven.connection.isOpen());
  driven.completeLater();
  CHECK(statusesOf(driven.takeSent()) == "200");
}

TEST_CASE("a late response that no buffer can hold closes the connection") {
  Config config = Config::testing();
  config.serverName = std::string(BufferPool::kLargestBytes, 's');
  SUBCASE("a handler's") {
    DrivenConnection driven(config);
    driven.arrive(kGetLater);
    driven.completeLater();
    CHECK(driven.isRecycled());
  }
  SUBCASE("408") {
    DrivenConnection driven(config);
    driven.arrive(kHalfBody);
    driven.checkDeadlinesAfter(TimeoutConfig().headerMs + 1'000);
    CHECK(driven.isRecycled());
  }
  SUBCASE("504") {
    DrivenConnection driven(config);
    driven.arrive(kGetLater);
    driven.checkDeadlinesAfter(config.timeouts.handlerMs + 1);
    CHECK_FALSE(driven.connection.isOpen());
    driven.completeLater();
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("a server that stops closes an idle connection") {
  DrivenConnection driven;
  driven.connection.drain();
  driven.serve();
  CHECK(driven.takeSent().empty());
  CHECK(driven.isRecycled());
}

TEST_CASE("a server that stops responds to what has arrived, without waiting for an edge") {
  DrivenConnection driven;
  driven.reactor.arrive(kGet);
  driven.connection.drain();
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "200");
  CHECK(sent.find("Connection: close") != std::string::npos);
  CHECK(driven.reactor.isShutDown());
  driven.arriveEnd();
  CHECK(driven.isRecycled());
}

TEST_CASE("a server that stops waits for a request that has begun, and closes after it") {
  DrivenConnection driven;
  driven.arrive(kGet.substr(0, 10));
  driven.connection.drain();
  CHECK(driven.connection.isOpen());
  driven.arrive(kGet.substr(10));
  CHECK(driven.takeSent().find("Connection: close") != std::string::npos);
  CHECK(driven.reactor.isShutDown());
}

TEST_CASE("a server that stops waits for a handler that responds later, and closes after it") {
  DrivenConnection driven;
  driven.arrive(kGetLater);
  driven.connection.drain();
  CHECK(driven.connection.isOpen());
  driven.completeLater();
  CHECK(driven.takeSent().find("Connection: close") != std::string::npos);
  CHECK(driven.reactor.isShutDown());
}

TEST_CASE("a server that stops does not close before its last response is sent") {
  DrivenConnection driven;
  driven.reactor.acceptNext({10, -EAGAIN});
  driven.arrive(kGet);
  driven.connection.drain();
  CHECK(driven.connection.isOpen());
  driven.raise(EPOLLOUT);
  CHECK(driven.takeSent().ends_with("hello"));
  CHECK(driven.isRecycled());
}

TEST_CASE("a new connection has all of its idle time") {
  DrivenConnection driven;
  driven.checkDeadlinesAfter(TimeoutConfig().idleMs);
  CHECK(driven.connection.isOpen());
}

TEST_CASE("the idle time runs from the last byte that was sent, not from the response before") {
  for (const std::string& request : {kGet, kGetLarge}) {
    DrivenConnection driven;
    driven.arrive(kGet);
    driven.letTimePass();
    driven.arrive(request);
    driven.checkDeadlinesAfter(TimeoutConfig().idleMs);
    CHECK(driven.connection.isOpen());
  }
}

TEST_CASE("the time to take bytes runs from the last write") {
  DrivenConnection driven;
  driven.letTimePass();
  driven.reactor.acceptNext({10, -EAGAIN});
  driven.arrive(kGet);
  driven.checkDeadlinesAfter(TimeoutConfig().writeMs);
  CHECK(driven.connection.isOpen());
}

TEST_CASE("the time to read the last response runs from its last byte") {
  DrivenConnection driven;
  driven.reactor.setAllSent(false);
  driven.reactor.acceptNext({10, -EAGAIN});
  driven.arrive(kGetAndClose);
  driven.letTimePass();
  driven.raise(EPOLLOUT);
  driven.checkDeadlinesAfter(TimeoutConfig().lingerMs);
  CHECK(driven.connection.isOpen());
}

TEST_CASE("the time to read the last response runs from when the reactor has sent all of it") {
  DrivenConnection driven;
  driven.reactor.setAllSent(false);
  driven.arrive(kGetAndClose);
  driven.letTimePass();
  driven.reactor.setAllSent(true);
  driven.raise(EPOLLOUT);
  driven.checkDeadlinesAfter(TimeoutConfig().lingerMs);
  CHECK(driven.connection.isOpen());
}

TEST_CASE("a client that sends on after its last response does not stay longer for that") {
  DrivenConnection driven;
  driven.arrive(kGetAndClose);
  driven.letTimePass();
  driven.arrive("more");
  driven.checkDeadlinesAfter(TimeoutConfig().lingerMs);
  CHECK(driven.isRecycled());
}

TEST_CASE("a destroyed connection closes its socket and gives back its place") {
  DrivenConnection driven;
  driven.connection.abort();
  driven.serve();
  {
    server::Connection other(driven.context);
    (void)driven.limiter.acquire(DrivenConnection::kAddress);
    other.open(FakeReactor::kSocket, DrivenConnection::kAddress);
    CHECK(other.clientAddress() == DrivenConnection::kAddress);
  }
  CHECK(driven.count(Metric::connectionsClosed) == 2);
  CHECK(driven.limiter.open() == 0);
}
