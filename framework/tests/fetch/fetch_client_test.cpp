#include <doctest/doctest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "h3http/app.hpp"
#include "h3http/async.hpp"
#include "h3http/fetch.hpp"
#include "scripted_server.hpp"
#include "support/served_app.hpp"

namespace asio = boost::asio;
using namespace h3;
using namespace h3::test;

namespace {

// A client on a loop of its own, awaited where it is called.
struct Fetching {
  asio::io_context context;
  FetchClient client;

  explicit Fetching(const FetchLimits& limits = {}) : client(context, limits) {}

  FetchResponse get(const FetchRequest& request) {
    std::optional<FetchResponse> response;
    std::exception_ptr error;
    asio::co_spawn(context, client.fetch(request),
                   [&](const std::exception_ptr& failed, FetchResponse fetched) {
                     error = failed;
                     response = std::move(fetched);
                   });
    context.restart();
    while (!response) context.run_one();
    if (error) std::rethrow_exception(error);
    return std::move(*response);
  }

  std::optional<FetchFailure> failureOf(const FetchRequest& request) {
    try {
      get(request);
      return std::nullopt;
    } catch (const FetchError& error) {
      return error.failure();
    }
  }
};

// Responds to each request of a connection with these bytes, and keeps it; closes it behind them if `closes`.
auto always(std::string bytes, bool closes = false) {
  return [bytes = std::move(bytes), closes](ScriptedServer::Peer& peer) {
    while (!peer.receiveHead().empty()) {
      peer.send(bytes);
      if (closes) return;
    }
  };
}

const std::string kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

}  // namespace

TEST_CASE("an H3 server: methods, bodies and headers, on one connection") {
  App app;
  app.get("/hello", [](Event& event) {
    event.setHeader("X-Seen", event.getHeader("X-Sent").value_or(""));
    event.sendText("hello");
  });
  app.post("/echo", [](Event& event) { event.sendBytes(event.readBody(), "text/plain"); });
  app.get("/none", [](Event& event) { event.setStatus(304); });
  ServedApp server(app);
  const std::string base = "http://127.0.0.1:" + std::to_string(server.port());
  Fetching fetching;
  const FetchHeader headers[] = {{"X-Sent", "value"}};
  FetchResponse hello = fetching.get({.url = base + "/hello", .headers = headers});
  CHECK(hello.status == 200);
  CHECK(hello.body == "hello");
  CHECK(hello.header("x-seen") == "value");
  CHECK_FALSE(hello.onReusedConnection);
  CHECK(fetching.get({.url = base + "/hello", .method = "HEAD"}).body.empty());
  CHECK(fetching.get({.url = base + "/none"}).status == 304);
  const std::string large(1'000'000, 'x');
  CHECK(fetching.get({.url = base + "/echo", .method = "POST", .body = large}).body == large);
  hello = fetching.get({.url = base + "/hello"});
  CHECK(hello.onReusedConnection);
  CHECK(fetching.client.stats().opened == 1);
  CHECK(fetching.client.stats().idle == 1);
  fetching.client.close();
  CHECK(fetching.client.stats().open == 0);
}

TEST_CASE("every framing of a response") {
  Fetching fetching;
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n";
  ScriptedServer pieces(always(chunked));
  CHECK(fetching.get({.url = pieces.url()}).body == "abcde");
  CHECK(fetching.get({.url = pieces.url()}).onReusedConnection);
  ScriptedServer toTheEnd(always("HTTP/1.1 200 OK\r\n\r\nuntil the close", true));
  CHECK(fetching.get({.url = toTheEnd.url()}).body == "until the close");
  ScriptedServer early(always("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + kOk));
  CHECK(fetching.get({.url = early.url()}).body == "ok");
  fetching.client.close();
}

TEST_CASE("a server that fails, and how") {
  Fetching fetching;
  const struct {
    const char* bytes;
    FetchFailure failure;
  } cases[] = {
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc", FetchFailure::closed},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", FetchFailure::closed},
      {"HTTP/1.1 200 OK\r\nContent-Le", FetchFailure::closed},
      {"", FetchFailure::closed},
      {"SSH-2.0-OpenSSH\r\n\r\n", FetchFailure::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef", FetchFailure::malformed},
      {"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", FetchFailure::malformed},
      {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", FetchFailure::malformed},
      {"HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", FetchFailure::tooLarge},
  };
  for (const auto& each : cases) {
    CAPTURE(each.bytes);
    ScriptedServer server(always(each.bytes, true));
    CHECK(fetching.failureOf({.url = server.url(), .bodyBytes = 100}) == each.failure);
    CHECK(fetching.client.stats().open == 0);
  }
  const std::string longHead =
      "HTTP/1.1 200 OK\r\nX: " + std::string(2'000, 'x') + "\r\nContent-Length: 0\r\n\r\n";
  ScriptedServer server(always(longHead));
  CHECK(fetching.failureOf({.url = server.url(), .headBytes = 1'000}) == FetchFailure::tooLarge);
  CHECK_FALSE(fetching.failureOf({.url = server.url(), .headBytes = 4'000}));
}

TEST_CASE("bodies without a length, and chunked, end at the limit") {
  Fetching fetching;
  ScriptedServer server(always("HTTP/1.1 200 OK\r\n\r\n" + std::string(200, 'x'), true));
  CHECK(fetching.failureOf({.url = server.url(), .bodyBytes = 100}) == FetchFailure::tooLarge);
  CHECK(fetching.get({.url = server.url(), .bodyBytes = 200}).body.size() == 200);
}

TEST_CASE("a server that does not respond in time, or dribbles") {
  Fetching fetching;
  ScriptedServer silent([](ScriptedServer::Peer& peer) { peer.awaitEnd(); });
  CHECK(fetching.failureOf({.url = silent.url(), .timeoutMs = 50}) == FetchFailure::timedOut);
  ScriptedServer dribbling([](ScriptedServer::Peer& peer) {
    peer.receiveHead();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    peer.send("x");
    peer.awaitEnd();
  });
  CHECK(fetching.failureOf({.url = dribbling.url(), .timeoutMs = 50}) == FetchFailure::timedOut);
  CHECK(fetching.client.stats().open == 0);
}

TEST_CASE("a connection that is refused, and what cannot be asked") {
  Fetching fetching;
  std::string url;
  { url = ScriptedServer(always(kOk)).url(); }
  CHECK(fetching.failureOf({.url = url}) == FetchFailure::notConnected);
  for (const char* const wrong :
       {"https://a/", "ftp://a/", "a", "http://", "http://u@a/", "http://a:0/", "http://a:x/", "http://a /",
        "http://a/\r\nX: y", "http://[1.2.3.4]/", "http://[::1/"}) {
    CAPTURE(wrong);
    CHECK_THROWS_AS((void)fetching.client.fetch({.url = wrong}), FetchError);
  }
  const FetchHeader split[] = {{"X", "a\r\nY: b"}};
  const FetchHeader own[] = {{"content-length", "5"}};
  CHECK_THROWS_AS((void)fetching.client.fetch({.url = "http://a/", .headers = split}), FetchError);
  CHECK_THROWS_AS((void)fetching.client.fetch({.url = "http://a/", .headers = own}), FetchError);
  CHECK_THROWS_AS((void)fetching.client.fetch({.url = "http://a/", .method = "GET /"}), FetchError);
}

TEST_CASE("a connection of the pool that has been closed: sent again if that is safe") {
  Fetching fetching;
  std::atomic<int> requests{0};
  // Closes after it has read the second request of a connection: that is seen only when the response is missing.
  ScriptedServer server([&requests](ScriptedServer::Peer& peer) {
    if (peer.receiveHead().empty()) return;
    ++requests;
    peer.send(kOk);
    if (!peer.receiveHead().empty()) ++requests;
  });
  CHECK(fetching.get({.url = server.url()}).body == "ok");
  const FetchResponse again = fetching.get({.url = server.url()});
  CHECK(again.body == "ok");
  CHECK_FALSE(again.onReusedConnection);
  CHECK(fetching.client.stats().retried == 1);
  CHECK(requests == 3);
  CHECK(fetching.failureOf({.url = server.url(), .method = "POST", .body = "x"}) == FetchFailure::closed);
  CHECK(requests == 4);
}

TEST_CASE("a sink takes the body, and ends it by an exception") {
  Fetching fetching;
  const std::string body(300'000, 'x');
  ScriptedServer server(always("HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body, true));
  std::string taken;
  auto sink = [&taken](std::string_view piece) { taken.append(piece); };
  CHECK(fetching.get({.url = server.url(), .sink = sink}).body.empty());
  CHECK(taken == body);
  auto refusing = [](std::string_view) { throw std::logic_error("enough"); };
  CHECK_THROWS_AS(fetching.get({.url = server.url(), .sink = refusing}), std::logic_error);
  CHECK(fetching.client.stats().open == 0);
}

TEST_CASE("limits of the pool hold, and who waits gets a connection") {
  FetchLimits limits;
  limits.connectionsPerHost = 2;
  limits.waiting = 3;
  Fetching fetching(limits);
  App app;
  app.get("/", [](Event& event) { event.sendText("ok"); });
  ServedApp server(app);
  const std::string url = "http://127.0.0.1:" + std::to_string(server.port()) + "/";
  int done = 0;
  int busy = 0;
  for (int i = 0; i < 6; ++i)
    asio::co_spawn(fetching.context, fetching.client.fetch({.url = url}),
                   [&](const std::exception_ptr& error, const FetchResponse& response) {
                     if (error)
                       ++busy;
                     else if (response.status == 200)
                       ++done;
                     CHECK(fetching.client.stats().open <= 2);
                   });
  fetching.context.run();
  CHECK(done == 5);
  CHECK(busy == 1);
  CHECK(fetching.client.stats().opened == 2);
  CHECK(fetching.client.stats().waiting == 0);
}

TEST_CASE("a name is resolved") {
  Fetching fetching;
  App app;
  app.get("/", [](Event& event) { event.sendText(event.getHeader("Host").value_or("")); });
  ServedApp server(app);
  const std::string host = "localhost:" + std::to_string(server.port());
  CHECK(fetching.get({.url = "http://" + host}).body == host);
  CHECK(fetching.get({.url = "http://" + host + "#part"}).onReusedConnection);
}

TEST_CASE("within a handler; a client that leaves and a deadline cancel it") {
  std::atomic<bool> reached{false};
  std::atomic<bool> ended{false};
  ScriptedServer upstream([&](ScriptedServer::Peer& peer) {
    if (peer.receiveHead().starts_with("GET /hang")) {
      reached = true;
      peer.awaitEnd();
      ended = true;
      return;
    }
    peer.send(kOk);
  });
  App app;
  app.get("/:path", [&upstream](Event& event) -> asio::awaitable<std::string> {
    const std::string url = upstream.url("/" + std::string(event.param("path")));
    FetchResponse response = co_await fetch(event, {.url = url});
    co_return std::move(response.body);
  });
  app.get("/limited/:path",
          [&upstream](Event& event) -> asio::awaitable<std::string> {
            const std::string url = upstream.url("/" + std::string(event.param("path")));
            FetchResponse response = co_await fetch(event, {.url = url});
            co_return std::move(response.body);
          })
      .limitTime(std::chrono::milliseconds(50));
  ServedApp server(app);
  CHECK(server.get("/ok").body == "ok");
  CHECK(server.get("/limited/hang").status == 504);
  while (!ended) std::this_thread::yield();
  reached = ended = false;
  {
    RawClient client(server.port());
    client.send(requestText("GET", "/hang"));
    while (!reached) std::this_thread::yield();
    client.close(true);
  }
  while (!ended) std::this_thread::yield();
  CHECK(server.get("/ok").body == "ok");
}

TEST_CASE("a server that ends does not wait for a fetch beyond its drain") {
  std::atomic<bool> reached{false};
  ScriptedServer upstream([&](ScriptedServer::Peer& peer) {
    peer.receiveHead();
    reached = true;
    peer.awaitEnd();
  });
  App app;
  app.get("/", [&upstream](Event& event) -> asio::awaitable<std::string> {
    const std::string url = upstream.url();
    FetchResponse response = co_await fetch(event, {.url = url});
    co_return std::move(response.body);
  });
  Config config = Config::testing();
  config.timeouts.drainMs = 1;
  std::optional<ServedApp> server(std::in_place, app, config);
  RawClient client(server->port());
  client.send(requestText("GET", "/"));
  while (!reached) std::this_thread::yield();
  server->server().drain();
  CHECK_FALSE(server->server().join());
  server.reset();
  CHECK(client.receiveAll().empty());
}
