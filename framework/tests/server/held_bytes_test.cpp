// connection.cpp and memory_budget.hpp.
// What a connection holds for a client that is slow, and which connection goes first.
#include <doctest/doctest.h>

#include <cerrno>
#include <string>

#include "driven_connection.hpp"
#include "server/connection.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kUpload = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 500000\r\n\r\n";

}  // namespace

TEST_CASE("a budget is shared by the threads") {
  server::MemoryBudget budget(1000, 4);
  budget.change(0, 250);
  CHECK_FALSE(budget.isExceeded());
  budget.change(0, 1);
  CHECK(budget.isExceeded());
  budget.change(250, 200);
  CHECK(budget.bytes() == 201);
  CHECK_FALSE(budget.isExceeded());
}

TEST_CASE("what waits for the client is counted, until it is sent") {
  DrivenConnection driven;
  driven.arrive(kGet);
  CHECK(driven.context.budget.bytes() == 0);
  driven.reactor.acceptNext({100, -EAGAIN});
  driven.arrive(kGetLarge);
  CHECK(driven.connection.heldBytes() >= 2 * BufferShelf::kBytes);  // input and output
  CHECK(driven.context.budget.bytes() == driven.connection.heldBytes());
  driven.raise(EPOLLOUT);
  CHECK(driven.context.budget.bytes() == 0);
}

TEST_CASE("a response that its event holds is counted with it") {
  DrivenConnection driven;
  driven.arrive("GET /later HTTP/1.1\r\nHost: a\r\n\r\n");
  driven.reactor.acceptNext({100, -EAGAIN});
  driven.completeLaterWith(std::string(DrivenConnection::kLargeBytes, 'L'));
  CHECK(driven.context.budget.bytes() > DrivenConnection::kLargeBytes);
  driven.raise(EPOLLOUT);
  CHECK(driven.context.budget.bytes() == 0);
}

TEST_CASE("an upload is counted while it arrives, not while its handler runs") {
  DrivenConnection driven;
  driven.arrive(kUpload + std::string(100'000, 'x'));
  CHECK(driven.context.budget.bytes() >= 100'000);
  driven.arrive(std::string(400'000, 'x'));
  CHECK(driven.context.budget.bytes() == 0);
  driven.arrive("GET /later HTTP/1.1\r\nHost: a\r\n\r\n" + std::string(10'000, 'x'));
  REQUIRE(driven.later != nullptr);
  CHECK(driven.context.budget.bytes() == 0);
  driven.completeLater();
}

TEST_CASE("a connection that closes holds nothing") {
  for (const bool upload : {false, true}) {
    DrivenConnection driven;
    driven.reactor.acceptNext({100, -EAGAIN});
    driven.arrive(upload ? kUpload + "x" : kGetLarge);
    CHECK(driven.context.budget.bytes() != 0);
    driven.connection.abort();
    driven.serve();
    CHECK(driven.context.budget.bytes() == 0);
    CHECK(driven.connection.heldBytes() == 0);
    CHECK(driven.isRecycled());
  }
}

TEST_CASE("nothing is held once a batch has served the rest of a small upload") {
  DrivenConnection driven;
  driven.arrive("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo");
  CHECK(driven.context.budget.bytes() != 0);
  driven.arrive("dy");
  CHECK(driven.context.budget.bytes() == 0);
}

TEST_CASE("the slower client goes first, then the one that holds more; an unknown pace goes last") {
  DrivenConnection fast, slow, fresh, large;
  for (DrivenConnection* each : {&fast, &slow, &fresh, &large}) {
    each->reactor.acceptNext({9'000, 60'000, -EAGAIN});
    each->reactor.setUnacknowledged(60'000);
    each->arrive(each == &large ? kUpload + std::string(100'000, 'x') : kGetLarge);
  }
  for (DrivenConnection* each : {&fast, &slow}) {
    each->checkDeadlinesAfter(0);
    each->reactor.setUnacknowledged(each == &fast ? 1'000 : 59'000);
    each->checkDeadlinesAfter(250);
  }
  CHECK(slow.connection.isSlowerThan(fast.connection));
  CHECK_FALSE(fast.connection.isSlowerThan(slow.connection));
  CHECK(fast.connection.isSlowerThan(fresh.connection));
  CHECK_FALSE(fresh.connection.isSlowerThan(fast.connection));
  CHECK(large.connection.isSlowerThan(fresh.connection));
  CHECK_FALSE(fresh.connection.isSlowerThan(large.connection));
  slow.connection.shed();
  slow.serve();
  CHECK(slow.reactor.isReset());
  CHECK(slow.count(Metric::connectionsShed) == 1);
  CHECK(slow.isRecycled());
}
