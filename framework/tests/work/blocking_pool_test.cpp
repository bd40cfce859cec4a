// The pool under the calls of handlers; the coroutine's side is in app/blocking_call_test.cpp.
#include "work/blocking_pool.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "h3http/blocking.hpp"
#include "h3http/server.hpp"
#include "h3http/testing.hpp"
#include "support/served_app.hpp"

namespace asio = boost::asio;
using h3::Event;
using h3::Metric;

namespace {

// A door that calls wait at, and that the test opens.
class Door {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void awaitArrivals(int count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

// An app with calls that wait at the door, and calls that do not.
struct DoorApp {
  DoorApp() {
    app.get("/door", [this](Event& event) -> asio::awaitable<std::string> {
      co_await h3::blocking(event, [this] { door.pass(); });
      co_return "passed";
    });
    app.get("/free", [this](Event& event) -> asio::awaitable<std::string> {
      co_await h3::blocking(event, [this] { ++freeCalls; });
      co_return "free";
    });
    app.get("/numbers", [](Event& event) { event.sendText("there"); });
  }

  Door door;
  std::atomic<int> freeCalls{0};
  h3::App app;
};

h3::Config poolOf(unsigned threads, std::size_t queueCalls) {
  h3::Config config = h3::Config::testing();
  config.blocking = {threads, queueCalls};
  return config;
}

// Waits until the pool holds so many calls: a call is queued on the worker, after its bytes have been sent.
void awaitCalls(const h3::test::ServedApp& served, h3::Server& server, std::uint64_t calls) {
  while (server.monitor().total(Metric::blockingCalls) < calls) (void)served.get("/numbers");
}

}  // namespace

TEST_CASE("a full queue refuses with 503 and Retry-After, and what waits is served") {
  DoorApp door;
  h3::test::ServedApp served(door.app, poolOf(1, 1));
  h3::test::RawClient holding(served.port());
  h3::test::RawClient waiting(served.port());
  holding.send(h3::test::requestText("GET", "/door"));
  door.door.awaitArrivals(1);
  waiting.send(h3::test::requestText("GET", "/free"));
  awaitCalls(served, served.server(), 2);
  const h3::test::RawResponse refused = served.get("/free");
  CHECK(refused.status == 503);
  CHECK(refused.header("Retry-After") == "1");
  CHECK(served.server().monitor().total(Metric::blockingRejected) == 1);
  CHECK(door.freeCalls == 0);
  door.door.open();
  CHECK(holding.receiveResponse().body == "passed");
  CHECK(waiting.receiveResponse().body == "free");
  CHECK(served.get("/free").status == 200);
}

TEST_CASE("a pool without a queue serves as many calls as it has threads") {
  DoorApp door;
  h3::test::ServedApp served(door.app, poolOf(2, 0));
  h3::test::RawClient first(served.port());
  h3::test::RawClient second(served.port());
  first.send(h3::test::requestText("GET", "/door"));
  second.send(h3::test::requestText("GET", "/door"));
  door.door.awaitArrivals(2);
  CHECK(served.get("/door").status == 503);
  door.door.open();
  CHECK(first.receiveResponse().status == 200);
  CHECK(second.receiveResponse().status == 200);
}

TEST_CASE("a client that leaves: waiting work is dropped, running work ends and its result is dropped") {
  DoorApp door;
  h3::test::ServedApp served(door.app, poolOf(1, 8));
  h3::test::RawClient running(served.port());
  h3::test::RawClient waiting(served.port());
  running.send(h3::test::requestText("GET", "/door"));
  door.door.awaitArrivals(1);
  waiting.send(h3::test::requestText("GET", "/free"));
  awaitCalls(served, served.server(), 2);
  waiting.close(true);
  const h3::Monitor& monitor = served.server().monitor();
  h3::test::RawClient other(served.port());
  const auto awaitTotal = [&](Metric metric, std::uint64_t total) {
    while (monitor.total(metric) < total) (void)other.request(h3::test::requestText("GET", "/numbers"));
  };
  awaitTotal(Metric::blockingCancelled, 1);
  const std::uint64_t closed = monitor.total(Metric::connectionsClosed);
  running.close(true);
  awaitTotal(Metric::connectionsClosed, closed + 1);
  door.door.open();
  awaitTotal(Metric::blockingCancelled, 2);
  CHECK(door.freeCalls == 0);
  CHECK(served.get("/free").status == 200);
}

TEST_CASE("a drain waits for calls, and one that is cut off ends before the server does") {
  DoorApp door;
  auto served = std::make_unique<h3::test::ServedApp>(door.app, poolOf(1, 8));
  h3::test::RawClient running(served->port());
  h3::test::RawClient waiting(served->port());
  running.send(h3::test::requestText("GET", "/door"));
  door.door.awaitArrivals(1);
  waiting.send(h3::test::requestText("GET", "/free"));
  awaitCalls(*served, served->server(), 2);
  served->server().drain();
  std::thread opener([&door] { door.door.open(); });
  CHECK(running.receiveResponse().body == "passed");
  CHECK(waiting.receiveResponse().body == "free");
  opener.join();
  CHECK(served->server().join());
}

TEST_CASE("a server that ends with calls waiting and running leaves none behind") {
  DoorApp door;
  h3::Config config = poolOf(1, 8);
  config.timeouts.drainMs = 1;
  auto served = std::make_unique<h3::test::ServedApp>(door.app, config);
  h3::test::RawClient running(served->port());
  h3::test::RawClient waiting(served->port());
  running.send(h3::test::requestText("GET", "/door"));
  door.door.awaitArrivals(1);
  waiting.send(h3::test::requestText("GET", "/free"));
  awaitCalls(*served, served->server(), 2);
  served->server().drain();
  CHECK(running.receiveAll().empty());  // cut off at the deadline
  CHECK(waiting.receiveAll().empty());
  door.door.open();
  served.reset();  // waits for what runs, and for nothing else
}
