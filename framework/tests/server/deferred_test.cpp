// http1_session.cpp, event.cpp and worker.cpp.
// Handlers that respond later, and clients that do not wait for them.
#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <stdexcept>
#include <string>

#include "conformance_app.hpp"
#include "h3http/async.hpp"

using namespace h3;
using namespace h3::test;

TEST_CASE("late, immediate, failed: each gets its response, and the connection stays open") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(client.request(requestText("GET", "/wait/5")).body == "waited");
    CHECK(client.request(requestText("GET", "/instant")).body == "instant");
    CHECK(client.request(requestText("GET", "/fails")).status == 500);
  }
  client.close();
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a waiting handler's views stay, whatever else arrives meanwhile") {
  ConformanceApp served;
  ServedApp server(served.app);
  const std::string body(20'000, 'b');
  const std::string flood(200'000, 'f');
  for (const std::string& framed : {"Content-Length: 20000\r\n\r\n" + body,
                                    "Transfer-Encoding: chunked\r\n\r\n2710\r\n" + body.substr(10'000) +
                                        "\r\n2710\r\n" + body.substr(10'000) + "\r\n0\r\n\r\n"}) {
    RawClient client(server.port());
    client.send("POST /later HTTP/1.1\r\nHost: a\r\nEcho: twelve bytes\r\n" + framed);
    REQUIRE(eventually([&] { return served.dispatched >= 1; }));
    client.send(requestText("POST", "/p", "Content-Length: 200000\r\n") + flood);
    const RawResponse late = client.receiveResponse();
    CHECK(fieldOf(late, "Path") == "/later");
    CHECK(fieldOf(late, "Echo") == "twelve bytes");
    CHECK(late.body == body);
    CHECK(client.receiveResponse().body == flood);
    served.dispatched = 0;
  }
}

TEST_CASE("many late responses at the same time, on several threads") {
  ConformanceApp served;
  Config config = Config::testing();
  config.threads = 3;
  ServedApp server(served.app, config);
  auto clients = connectClients(server.port(), 100);
  for (auto& client : clients) client->send(requestText("GET", "/wait/50"));
  for (auto& client : clients) CHECK(client->receiveResponse().body == "waited");
  clients.clear();
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a client that leaves while its handler runs: the handler ends, then everything is given back") {
  ConformanceApp served;
  ServedApp server(served.app);
  int begun = 0;
  for (const bool reset : {false, true}) {
    for (int i = 0; i < 10; ++i) {
      RawClient client(server.port());
      client.send(requestText("GET", "/held") + requestText("GET", "/wait/1"));
      ++begun;
      REQUIRE(eventually([&] { return served.holding == begun; }));
      client.close(reset);
    }
    // A FIN alone may be a half-closed client.
    if (reset) CHECK(eventually([&] { return served.disconnected == 10; }));
    served.held = false;
    CHECK(eventually([&] { return served.released == begun; }));
    CHECK(served.disconnected == (reset ? 10 : 0));
    served.held = true;
  }
  CHECK(poolsAreFull(server.server().monitor()));
  CHECK(server.get("/").body == "hello");
}

TEST_CASE(
    "a connection that is reset starts no further handler, and its slot is free while the first still runs") {
  ConformanceApp served;
  std::atomic<int> begun{0};
  std::atomic<Event*> first{nullptr};
  served.app.get("/stuck", [&](Event& event) {
    event.defer();
    if (++begun == 1) first = &event;
  });
  Config config = Config::testing();
  config.limits.connections = 1;
  ServedApp server(served.app, config);
  std::string pipelined;
  for (int i = 0; i < 64; ++i) pipelined += requestText("GET", "/stuck");
  RawClient client(server.port());
  client.send(pipelined);
  REQUIRE(eventually([&] { return first.load() != nullptr; }));
  client.close(/*reset=*/true);
  const Monitor& monitor = server.server().monitor();
  REQUIRE(eventually([&] { return monitor.total(Metric::connectionsClosed) == 1; }));
  CHECK(server.get("/").body == "hello");
  CHECK(begun == 1);
  served.postToWorker([&] {
    CHECK(first.load()->disconnected());
    first.load()->complete();
  });
  CHECK(poolsAreFull(monitor));
  CHECK(begun == 1);
}

TEST_CASE("a half-closed client that resets its connection has its pipelined rest dropped") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  std::string pipelined;
  for (int i = 0; i < 64; ++i) pipelined += requestText("GET", "/held");
  client.send(pipelined);
  client.finishSending();
  REQUIRE(eventually([&] { return served.holding == 1; }));
  client.close(/*reset=*/true);
  CHECK(eventually([&] { return served.disconnected == 1; }));
  CHECK(poolsAreFull(server.server().monitor()));
  CHECK(served.holding == 1);
}

TEST_CASE("hooks run for a late response whose client has left, its error is not lost") {
  App app;
  std::atomic<int> begun{0}, responses{0}, errors{0};
  app.get("/gone", [&begun](Event& event) -> boost::asio::awaitable<void> {
    ++begun;
    co_await boost::asio::this_coro::reset_cancellation_state(boost::asio::disable_cancellation());
    boost::asio::steady_timer timer(executorOf(event), std::chrono::milliseconds(100));
    co_await timer.async_wait(boost::asio::use_awaitable);
    throw HttpError(503, "too late");
  });
  app.onResponse([&](Event&) { ++responses; });
  app.onError([&](Event&, const HttpError& error, std::exception_ptr) { errors += error.status() == 503; });
  ServedApp server(app);
  {
    RawClient client(server.port());
    client.send(requestText("GET", "/gone"));
    REQUIRE(eventually([&] { return begun == 1; }));
    client.close(true);
  }
  CHECK(eventually([&] { return responses == 1; }));
  CHECK(errors == 1);
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a result and a timer that race: one response each, of the first") {
  App app;
  std::atomic<int> second{0};
  app.get("/race/:first", [&](Event& event) {
    const Deferred later = event.defer();
    const bool result = *event.getParam("first") == "result";
    const auto respond = [later, &second](std::string_view text) {
      if (Event* const waiting = later.event()) waiting->sendText(text);
      if (!later.complete()) ++second;
    };
    const auto executor = executorOf(event);
    boost::asio::post(executor, [=] { respond(result ? "result" : "timer"); });
    // By then the connection serves the next request, with the same event.
    boost::asio::post(executor, [=] { boost::asio::post(executor, [=] { respond("second"); }); });
  });
  ServedApp server(app);
  RawClient client(server.port());
  for (int i = 0; i < 20; ++i) {
    client.send(requestText("GET", "/race/result") + requestText("GET", "/race/timer"));
    CHECK(client.receiveResponse().body == "result");
    CHECK(client.receiveResponse().body == "timer");
  }
  CHECK(eventually([&] { return second == 40; }));
  client.close();
  CHECK(poolsAreFull(server.server().monitor()));
  CHECK(server.server().monitor().total(Metric::lateCompletions) == 40);
}

TEST_CASE("a handler that never completes, and a coroutine that takes too long: 504, and the others go on") {
  ConformanceApp served;
  std::atomic<bool> forgotten{false};
  Deferred kept;
  served.app.get("/forgets", [&](Event& event) {
    kept = event.defer();
    forgotten = true;
  });
  Config config = Config::testing();
  config.timeouts.handlerMs = 1;
  ServedApp server(served.app, config);
  for (const char* path : {"/forgets", "/held"}) {
    CAPTURE(path);
    RawClient client(server.port());
    const RawResponse response = client.request(requestText("GET", path));
    CHECK(isRefusal(response, 504));
    CHECK(client.closedByServer());
    CHECK_FALSE(client.wasReset());
  }
  CHECK(eventually([&] { return served.disconnected == 1; }));
  CHECK(server.get("/").body == "hello");
  served.postToWorker([&] { CHECK_FALSE(kept.complete()); });
  CHECK(poolsAreFull(server.server().monitor()));
  CHECK(server.server().monitor().total(Metric::handlersTimedOut) == 2);
  CHECK(server.server().monitor().total(Metric::lateCompletions) == 2);
}

TEST_CASE("a server stops although a handler never completes") {
  App app;
  app.get("/forgets", [](Event& event) { event.defer(); });
  Config config = Config::testing();
  config.timeouts.handlerMs = 1;
  config.timeouts.drainMs = 100;
  ServedApp server(app, config);
  CHECK(server.get("/forgets").status == 504);
  server.server().drain();
  CHECK(server.server().join());
}

TEST_CASE("a callback that throws on the worker's loop ends neither the worker nor its connections") {
  App app;
  app.get("/post", [](Event& event) {
    boost::asio::post(executorOf(event), [] { throw std::runtime_error("thrown by a test"); });
    event.sendText("posted");
  });
  ServedApp server(app);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) CHECK(client.request(requestText("GET", "/post")).body == "posted");
}
