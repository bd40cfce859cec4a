#include "server/connection_queues.hpp"

#include <doctest/doctest.h>

#include <vector>

#include "driven_connection.hpp"

using h3::server::Connection;
using h3::server::ConnectionQueues;
using h3::test::DrivenConnection;

namespace {

struct Queues {
  DrivenConnection first, second;
  Connection& a = first.connection;
  Connection& b = second.connection;
  ConnectionQueues queues;
  std::vector<Connection*> reaped;

  Queues() { queues.reserve(2); }
  std::vector<Connection*> ready() const { return {queues.ready().begin(), queues.ready().end()}; }
  void reap() {
    queues.reapClosed([this](Connection& connection) { reaped.push_back(&connection); });
  }
};

}  // namespace

TEST_CASE("a connection is queued once, however often it is added") {
  Queues test;
  CHECK_FALSE(test.queues.hasReady());
  test.queues.serveLater(test.a);
  test.queues.serveLater(test.b);
  test.queues.serveLater(test.a);
  CHECK((test.ready() == std::vector{&test.a, &test.b}));
}

TEST_CASE("a connection that is added again while it is served comes after the others") {
  Queues test;
  test.queues.serveLater(test.a);
  test.queues.serveLater(test.b);
  const auto served = test.queues.ready();
  test.a.queued = test.b.queued = false;  // as a batch does
  test.queues.serveLater(test.b);
  test.queues.serveLater(test.a);
  CHECK(served[0] == &test.a);
  CHECK(served[1] == &test.b);
  test.queues.removeServed(served.size());
  CHECK((test.ready() == std::vector{&test.b, &test.a}));
  test.queues.removeServed(1);
  CHECK((test.ready() == std::vector{&test.a}));
}

TEST_CASE("a closed connection is reaped once, and not while it is queued") {
  Queues test;
  CHECK_FALSE(test.queues.hasClosed());
  test.queues.serveLater(test.a);
  test.queues.recycle(test.a);
  test.queues.recycle(test.b);
  CHECK(test.queues.hasClosed());
  test.reap();
  CHECK((test.reaped == std::vector{&test.b}));
  CHECK(test.queues.hasClosed());
  test.a.queued = false;
  test.reap();
  test.reap();
  CHECK((test.reaped == std::vector{&test.b, &test.a}));
  CHECK_FALSE(test.queues.hasClosed());
}
