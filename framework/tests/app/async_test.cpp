#include "h3http/async.hpp"

#include <doctest/doctest.h>

#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

#include "../support/served_app.hpp"

using boost::asio::awaitable;
using h3::App;
using h3::Event;
using namespace h3::test;

namespace {

awaitable<void> pause(Event& event, int ms = 5) {
  using Timer = boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                                  boost::asio::wait_traits<std::chrono::steady_clock>,
                                                  boost::asio::io_context::executor_type>;
  Timer timer(h3::executorOf(event), std::chrono::milliseconds(ms));
  co_await timer.async_wait(boost::asio::use_awaitable);
}

void addRoutes(App& app) {
  app.get("/void", [](Event& event) -> awaitable<void> {
    co_await pause(event);
    event.sendText("void");
  });
  app.get("/text", [](Event& event) -> awaitable<std::string> {
    co_await pause(event);
    co_return "text of " + std::string(event.getQuery("q").value_or("none"));
  });
  app.get("/response", [](Event& event) -> awaitable<h3::Response> {
    co_await pause(event);
    co_return h3::Response{201, "made", "text/plain", {{"X-A", "1"}}};
  });
  app.get("/at-once", [](Event&) -> awaitable<std::string> { co_return "at once"; });
  app.get("/http-error", [](Event& event) -> awaitable<std::string> {
    co_await pause(event);
    throw h3::HttpError(409, "taken");
  });
  app.get("/broken", [](Event& event) -> awaitable<void> {
    co_await pause(event);
    throw std::runtime_error("broken");
  });
  app.get("/throws-at-once", [](Event&) -> awaitable<void> {
    throw h3::HttpError(410);
    co_return;
  });
  // Not a coroutine itself: it throws before there is one.
  app.get("/throws-before", [](Event& event) -> awaitable<void> {
    if (event.minorVersion() == 1) throw h3::HttpError(418, "before");
    return pause(event);
  });
  app.get("/bad-response", [](Event&) -> awaitable<h3::Response> {
    co_return h3::Response{200, "", "text/plain", {{"bad name", ""}}};
  });
  app.get("/deferred-then-throws", [](Event& event) {
    event.defer();
    throw h3::HttpError(503, "deferred");
  });
  app.get("/completed-at-once", [](Event& event) {
    event.defer();
    event.sendText("completed");
    event.complete();
  });
  app.get("/completed-then-throws", [](Event& event) {
    event.defer();
    event.sendText("completed");
    event.complete();
    throw h3::HttpError(503, "thrown");
  });
  app.get("/completed-twice", [](Event& event) {
    const h3::Deferred later = event.defer();
    event.sendText("completed");
    later.complete();
    later.complete();
    event.complete();
    event.fail(std::make_exception_ptr(h3::HttpError(503)));
  });
  app.get("/sync", [](Event&) { return "sync"; });
}

}  // namespace

TEST_CASE("awaitable handlers respond by value or by event, and their exceptions get a response") {
  App app;
  std::mutex mutex;
  std::string journal;
  app.onResponse([&](Event& event) {
    const std::lock_guard lock(mutex);
    journal += std::to_string(event.status()) + " ";
  });
  addRoutes(app);
  const ServedApp served(app);
  RawClient client(served.port());
  const struct {
    std::string target;
    int status;
    const char* body;
  } cases[] = {
      {"/void", 200, "void"},
      {"/text?q=x", 200, "text of x"},
      {"/response", 201, "made"},
      {"/at-once", 200, "at once"},
      {"/http-error", 409, "taken"},
      {"/broken", 500, "broken"},
      {"/throws-at-once", 410, "Gone"},
      {"/throws-before", 418, "before"},
      {"/bad-response", 500, nullptr},
      {"/deferred-then-throws", 503, "deferred"},
      {"/completed-at-once", 200, "completed"},
      {"/completed-then-throws", 503, "thrown"},
      {"/completed-twice", 200, "completed"},
      {"/sync", 200, "sync"},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.target);
    const RawResponse response = client.request(requestText("GET", sent.target));
    CHECK(response.status == sent.status);
    if (sent.body != nullptr) CHECK(response.body == sent.body);
    const std::lock_guard lock(mutex);
    CHECK(std::exchange(journal, "") == std::to_string(sent.status) + " ");  // the hook ran once
  }
}

TEST_CASE("pipelined requests get responses in order, slow ones first") {
  App app;
  addRoutes(app);
  const ServedApp served(app);
  RawClient client(served.port());
  client.send(requestText("GET", "/void") + requestText("GET", "/sync") + requestText("GET", "/text?q=1") +
              requestText("GET", "/sync"));
  for (const char* body : {"void", "sync", "text of 1", "sync"}) CHECK(client.receiveResponse().body == body);
}

TEST_CASE("a client that leaves cancels its handler: no error, and hooks see 499") {
  App app;
  std::mutex mutex;
  std::string journal;
  const auto note = [&](const std::string& what) {
    const std::lock_guard lock(mutex);
    journal += what + " ";
  };
  app.get("/waits", [&](Event& event) -> awaitable<void> {
    note("begun");
    co_await pause(event, 3'600'000);
    note("waited");
  });
  app.onResponse([&](Event& event) { note(std::to_string(event.status())); });
  app.onError([&](Event&, const h3::HttpError&, std::exception_ptr) { note("error"); });
  ServedApp served(app);
  const h3::Monitor& monitor = served.server().monitor();
  for (int i = 0; i < 3; ++i) {
    RawClient client(served.port());
    client.send(requestText("GET", "/waits") + requestText("GET", "/waits"));
    (void)served.get("/missing");  // by then the first has been read
    client.close(/*reset=*/true);
  }
  served.server().drain();
  CHECK(served.server().join());
  CHECK(monitor.total(h3::Metric::handlerErrors) == 0);
  const std::lock_guard lock(mutex);
  const auto times = [&](const char* what) {
    int found = 0;
    for (auto at = journal.find(what); at != std::string::npos; at = journal.find(what, at + 1)) ++found;
    return found;
  };
  CHECK(times("begun") == 3);
  CHECK(times("499") == 3);
  CHECK(times("waited") == 0);
  CHECK(times("error") == 3);  // those of GET /missing
}

TEST_CASE("a handler that forbids its cancellation runs to its end, and can see that its client has left") {
  App app;
  std::mutex mutex;
  std::string seen;
  app.get("/wait", [&](Event& event) -> awaitable<void> {
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    for (int i = 0; i < 400 && !event.disconnected(); ++i) co_await pause(event);
    co_await pause(event);
    const std::lock_guard lock(mutex);
    seen = event.disconnected() ? "gone" : "there";
  });
  ServedApp served(app);
  {
    RawClient client(served.port());
    client.send(requestText("GET", "/wait"));
    // A request of another connection: by then the first has been read.
    (void)served.get("/missing");
    client.close(/*reset=*/true);
  }
  served.server().drain();
  CHECK(served.server().join());
  const std::lock_guard lock(mutex);
  CHECK(seen == "gone");
}

TEST_CASE("a synchronous onion over an asynchronous route is refused, fast middleware is not") {
  const auto async = [](Event&) -> awaitable<void> { co_return; };
  App global;
  global.use([](Event&, h3::Next& next) { next(); });
  global.get("/x", async);
  CHECK_THROWS_AS(global.freeze(), std::logic_error);
  App own;
  own.get("/x", async).use([](Event&, h3::Next& next) { next(); });
  CHECK_THROWS_AS(own.freeze(), std::logic_error);
  App fast;
  fast.useFast([](Event&) { return h3::FastResult::next; });
  fast.get("/x", async).useFast([](Event&) { return h3::FastResult::next; });
  CHECK_NOTHROW(fast.freeze());
}
