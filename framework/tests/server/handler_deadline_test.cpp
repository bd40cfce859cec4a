// connection.cpp, http1_session.cpp and deferred_table.cpp.
// Handlers that take too long, and handlers that complete more than once, without sockets.
#include <doctest/doctest.h>

#include <string>

#include "driven_connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

constexpr std::uint32_t kHandlerMs = 5'000;

Config impatientWithHandlers() {
  Config config = Config::testing();
  config.timeouts.handlerMs = kHandlerMs;
  return config;
}

}  // namespace

TEST_CASE("at its deadline a handler's client gets a 504, and the connection ends") {
  DrivenConnection driven(impatientWithHandlers());
  driven.arrive(kGetLater + kGet);
  driven.checkDeadlinesAfter(kHandlerMs);
  CHECK(driven.takeSent().empty());
  CHECK_FALSE(driven.later->disconnected());
  driven.checkDeadlinesAfter(kHandlerMs + 1);
  const std::string sent = driven.takeSent();
  CHECK(statusesOf(sent) == "504");
  CHECK(sent.find("\r\nConnection: close\r\n") != std::string::npos);
  CHECK(driven.reactor.isShutDown());
  CHECK(driven.hooks == 1);
  CHECK(driven.count(Metric::handlersTimedOut) == 1);
  CHECK(driven.later->disconnected());
  CHECK(driven.later->path() == "/later");
  driven.checkDeadlinesAfter(1);  // once
  CHECK(driven.takeSent().empty());
  driven.completeLater();
  CHECK(driven.takeSent().empty());
  CHECK(driven.hooks == 1);
  CHECK(driven.count(Metric::lateCompletions) == 1);
  driven.arriveEnd();
  CHECK(driven.isRecycled());
}

TEST_CASE("a route's own limit counts instead of the general one") {
  DrivenConnection driven(impatientWithHandlers());
  driven.arrive("GET /later/limited HTTP/1.1\r\nHost: a\r\n\r\n");
  driven.checkDeadlinesAfter(DrivenConnection::kLimitedMs);
  CHECK(driven.takeSent().empty());
  driven.checkDeadlinesAfter(DrivenConnection::kLimitedMs + 1);
  CHECK(statusesOf(driven.takeSent()) == "504");
  driven.completeLater();
}

TEST_CASE("a client that stays after its 504 is closed, and the event stays until the handler ends") {
  DrivenConnection driven(impatientWithHandlers());
  driven.arrive(kGetLater);
  driven.checkDeadlinesAfter(kHandlerMs + 1);
  driven.arrive(kGet);  // is not read: the handler still uses the input
  CHECK(driven.reactor.waitingBytes() == kGet.size());
  driven.checkDeadlinesAfter(Config::testing().timeouts.lingerMs + 1);
  CHECK(driven.reactor.isClosed());
  CHECK(driven.eventsInUse() == 1);
  CHECK(driven.later->path() == "/later");
  driven.completeLater();
  CHECK(driven.isRecycled());
}

TEST_CASE("the time to read a 504 runs from the handler's deadline, while the reactor still sends it") {
  DrivenConnection driven(impatientWithHandlers());
  driven.reactor.setAllSent(false);
  driven.arrive(kGetLater);
  driven.letTimePass();
  driven.checkDeadlinesAfter(kHandlerMs + 1);
  CHECK(statusesOf(driven.takeSent()) == "504");
  driven.checkDeadlinesAfter(Config::testing().timeouts.lingerMs);
  CHECK(driven.connection.isOpen());
  driven.completeLater();
}

TEST_CASE("a handler exceeds its deadline once, also where that is shorter than the time to read the 504") {
  Config config = impatientWithHandlers();
  config.timeouts.handlerMs = config.timeouts.lingerMs / 2;
  DrivenConnection driven(config);
  driven.arrive(kGetLater);
  driven.checkDeadlinesAfter(config.timeouts.handlerMs + 1);
  CHECK(statusesOf(driven.takeSent()) == "504");
  driven.checkDeadlinesAfter(config.timeouts.lingerMs);
  CHECK(driven.connection.isOpen());
  CHECK(driven.takeSent().empty());
  CHECK(driven.count(Metric::handlersTimedOut) == 1);
  driven.completeLater();
}

TEST_CASE("a slow client is sent the rest of its 504 when it takes it") {
  DrivenConnection driven(impatientWithHandlers());
  driven.arrive(kGetLater);
  driven.reactor.acceptNext({10, -EAGAIN});
  driven.checkDeadlinesAfter(kHandlerMs + 1);
  CHECK_FALSE(driven.reactor.isShutDown());
  driven.raise(EPOLLOUT);
  CHECK(statusesOf(driven.takeSent()) == "504");
  CHECK(driven.reactor.isShutDown());
  driven.completeLater();
  driven.arriveEnd();
  CHECK(driven.isRecycled());
}

TEST_CASE("each handler of a connection has its own time") {
  DrivenConnection driven(impatientWithHandlers());
  for (int i = 0; i < 3; ++i) {
    driven.arrive(kGetLater);
    driven.checkDeadlinesAfter(kHandlerMs);
    driven.completeLater();
    CHECK(statusesOf(driven.takeSent()) == "200");
  }
  CHECK(driven.count(Metric::handlersTimedOut) == 0);
}

TEST_CASE("a second complete() leaves the next request of the connection alone") {
  DrivenConnection driven;
  driven.arrive(kGetLater);
  const Deferred first = driven.handle;
  driven.completeLater();
  CHECK(statusesOf(driven.takeSent()) == "200");
  driven.arrive(kGetLater);
  CHECK_FALSE(first.complete());
  CHECK_FALSE(first.fail(nullptr));
  driven.serve();
  CHECK(driven.takeSent().empty());
  driven.completeLater();
  CHECK(statusesOf(driven.takeSent()) == "200");
  CHECK(driven.count(Metric::lateCompletions) == 2);
  CHECK(driven.count(Metric::requests) == 2);
}

TEST_CASE("a second complete() of the connection's last event, and of one whose large body is still sent") {
  DrivenConnection driven;
  driven.arrive(kGetLater);
  const Deferred handle = driven.handle;
  Event& event = *driven.later;
  driven.reactor.acceptNext({100, -EAGAIN});
  driven.completeLaterWith(std::string(DrivenConnection::kLargeBytes, 'L'));
  CHECK(driven.eventsInUse() == 1);
  event.complete();
  CHECK_FALSE(handle.complete());
  driven.raise(EPOLLOUT);
  CHECK(driven.eventsInUse() == 0);
  CHECK(bodyOf(driven.takeSent()).size() == DrivenConnection::kLargeBytes);
  event.complete();  // the pool's by now
  CHECK(driven.count(Metric::lateCompletions) == 3);
  driven.arrive(kGet);
  CHECK(statusesOf(driven.takeSent()) == "200");
}
