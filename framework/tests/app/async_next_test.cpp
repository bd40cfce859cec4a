#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <future>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "../support/served_app.hpp"
#include "h3http/async.hpp"
#include "h3http/testing.hpp"

using boost::asio::awaitable;
using h3::App;
using h3::AsyncNext;
using h3::Event;
using h3::test::Client;
using h3::test::ClientOptions;
using h3::test::Response;

namespace {

awaitable<void> waitShortly(Event& event, std::chrono::milliseconds time = std::chrono::milliseconds(1)) {
  boost::asio::steady_timer timer(h3::executorOf(event), time);
  co_await timer.async_wait(boost::asio::use_awaitable);
}

// Writes "name(" before and "status)" after the inner layers.
auto waitingLayer(std::string& journal, const char* name) {
  return [&journal, name](Event& event, AsyncNext& next) -> awaitable<void> {
    journal.append(name).append("(");
    co_await next();
    journal.append(std::to_string(event.status())).append(")");
    event.appendHeader("X-Layer", name);
  };
}

// A handler of each kind; each responds with 201.
void addHandlersOfEachKind(App& app, std::string& journal) {
  const auto respond = [&journal](Event& event) {
    journal.append("handler ");
    event.setStatus(201).sendText("made");
  };
  app.get("/sync", respond);
  app.get("/coroutine", [respond](Event& event) -> awaitable<void> {
    co_await waitShortly(event);
    co_await waitShortly(event);
    respond(event);
  });
  app.get("/at-once", [respond](Event& event) -> awaitable<void> {
    respond(event);
    co_return;
  });
  app.get("/deferred", [respond](Event& event) {
    const h3::Deferred later = event.defer();
    boost::asio::post(event.ioContext(), [later, respond] {
      respond(*later.event());
      later.complete();
    });
  });
  app.get("/completed-within", [respond](Event& event) {
    respond(event);
    event.defer().complete();
  });
}

constexpr const char* kHandlerPaths[] = {"/sync", "/coroutine", "/at-once", "/deferred", "/completed-within"};

}  // namespace

TEST_CASE("code behind next() runs when the response is complete, around handlers of every kind") {
  std::string journal;
  App app;
  app.use(waitingLayer(journal, "a"));
  app.use({.prefix = "/coroutine", .methods = {}}, [](Event& event, AsyncNext& next) -> awaitable<void> {
    co_await waitShortly(event);
    co_await next();
    co_await waitShortly(event);
  });
  app.use(waitingLayer(journal, "b"));
  addHandlersOfEachKind(app, journal);
  Client client(app);
  for (const char* path : kHandlerPaths) {
    for (int i = 0; i < 3; ++i) {
      CAPTURE(path);
      const Response response = client.get(path);
      CHECK(response.status == 201);
      CHECK(response.body == "made");
      CHECK(std::exchange(journal, {}) == "a(b(handler 201)201)");
      CHECK(response.header("X-Layer") == "b");
    }
  }
  CHECK(client.monitor().total(h3::Metric::lateCompletions) == 0);
}

TEST_CASE("a route's own layers are innermost; synchronous layers may lie inside") {
  std::string journal;
  App app;
  app.use(waitingLayer(journal, "a"));
  app.use([&journal](Event& event, h3::Next& next) {
    journal.append("s[");
    next();
    journal.append(event.responded() ? "]" : "?");
  });
  app.get("/x",
          [&journal](Event&) {
            journal.append("handler ");
            return "x";
          })
      .use([&journal](Event&, h3::Next& next) {
        journal.append("r[");
        next();
        journal.append("]");
      });
  Client client(app);
  CHECK(client.get("/x").body == "x");
  CHECK(std::exchange(journal, {}) == "a(s[r[handler ]]200)");
  CHECK(client.get("/missing").status == 404);
  CHECK(journal == "a(s[]404)");
}

TEST_CASE("what is thrown inside comes out of next(), and may become a response") {
  App app;
  app.use({.prefix = "/caught", .methods = {}}, [](Event& event, AsyncNext& next) -> awaitable<void> {
    std::string text;
    try {
      co_await next();
    } catch (const std::exception& failure) {
      text = failure.what();
    }
    co_await waitShortly(event);
    event.setStatus(422).sendText("caught " + text);
  });
  app.use([](Event&, AsyncNext& next) -> awaitable<void> { co_await next(); });
  for (const std::string prefix : {"/caught", "/thrown"}) {
    app.get(prefix + "/sync", [](Event&) -> const char* { throw h3::HttpError(409, "sync"); });
    app.get(prefix + "/coroutine", [](Event& event) -> awaitable<void> {
      co_await waitShortly(event);
      throw h3::HttpError(409, "coroutine");
    });
    app.get(prefix + "/deferred", [](Event& event) {
      boost::asio::post(event.ioContext(), [later = event.defer()] {
        later.fail(std::make_exception_ptr(h3::HttpError(409, "deferred")));
      });
    });
    app.get(prefix + "/deferred-then-throws", [](Event& event) {
      event.defer();
      throw h3::HttpError(409, "deferred-then-throws");
    });
    app.get(prefix + "/completed-then-throws", [](Event& event) {
      event.sendText("completed");
      event.defer().complete();
      throw h3::HttpError(409, "completed-then-throws");
    });
  }
  Client client(app);
  for (const char* kind :
       {"sync", "coroutine", "deferred", "deferred-then-throws", "completed-then-throws"}) {
    CAPTURE(kind);
    const Response caught = client.get("/caught/" + std::string(kind));
    CHECK(caught.status == 422);
    CHECK(caught.body == "caught " + std::string(kind));
    const Response thrown = client.get("/thrown/" + std::string(kind));
    CHECK(thrown.status == 409);
    CHECK(thrown.body == kind);
  }
}

TEST_CASE("a layer may respond itself; one that does neither is a fault, as is awaiting next() twice") {
  App app;
  const auto never = [](Event&) -> awaitable<void> { throw std::runtime_error("reached"); };
  app.get("/own", never).use([](Event& event, AsyncNext&) -> awaitable<void> {
    co_await waitShortly(event);
    event.setStatus(403).sendText("no");
  });
  app.get("/silent", never).use([](Event& event, AsyncNext&) -> awaitable<void> {
    co_await waitShortly(event);
  });
  app.get("/twice", [](Event&) { return "once"; }).use([](Event&, AsyncNext& next) -> awaitable<void> {
    co_await next();
    co_await next();
  });
  app.get("/forgotten", [](Event&) -> awaitable<void> { co_return; })
      .use([](Event&, AsyncNext& next) -> awaitable<void> { co_await next(); });
  ClientOptions options;
  options.config.exposeErrors = true;
  Client client(app, options);
  CHECK(client.get("/own").status == 403);
  CHECK(client.get("/silent").body == "a middleware neither responded nor called next()");
  CHECK(client.get("/twice").body == "a middleware has awaited next() twice");
  CHECK(client.get("/forgotten").body == "a handler returned without a response");
}

TEST_CASE("a handle of a layer that waits has no say, and a late one of its handler neither") {
  App app;
  h3::Deferred outer, inner;
  app.use([&outer](Event& event, AsyncNext& next) -> awaitable<void> {
    outer = event.defer();
    co_await next();
    co_await waitShortly(event);
    event.appendHeader("X-After", "1");
  });
  app.get("/x", [&](Event& event) -> awaitable<void> {
    inner = event.defer();
    CHECK_FALSE(outer.complete());
    CHECK_FALSE(outer.fail(std::make_exception_ptr(h3::HttpError(503))));
    co_await waitShortly(event);
    event.sendText("inner");
    CHECK(inner.complete());
    CHECK_FALSE(inner.complete());
  });
  Client client(app);
  const Response response = client.get("/x");
  CHECK(response.body == "inner");
  CHECK(response.header("X-After") == "1");
  CHECK(client.monitor().total(h3::Metric::lateCompletions) == 4);
}

TEST_CASE(
    "the deadline is that of the whole onion: 504, the handler is cancelled, and the layer goes on to its end") {
  App app;
  std::string journal;
  app.use([&journal](Event& event, AsyncNext& next) -> awaitable<void> {
    try {
      co_await next();
    } catch (const std::exception&) {
      journal.append(event.disconnected() ? "late " : "early ");
      event.setStatus(200).sendText("not sent");
    }
  });
  app.get("/slow",
          [](Event& event) -> awaitable<void> { co_await waitShortly(event, std::chrono::hours(1)); });
  app.get("/fine", [](Event& event) -> awaitable<void> {
    co_await waitShortly(event);
    event.sendText("fine");
  });
  ClientOptions options;
  options.config.timeouts.handlerMs = 5;
  Client client(app, options);
  CHECK(client.get("/slow").status == 504);
  CHECK(journal == "late ");
  options.config.timeouts.handlerMs = 5000;
  CHECK(Client(app, options).get("/fine").body == "fine");
}

TEST_CASE("a client that leaves cancels the handler and its layers: hooks see 499") {
  App app;
  std::promise<int> status;
  std::promise<void> waiting;
  app.use([](Event&, AsyncNext& next) -> awaitable<void> { co_await next(); });
  app.use([](Event& event, AsyncNext& next) -> awaitable<void> {
    co_await waitShortly(event);
    co_await next();
  });
  app.get("/slow", [&waiting](Event& event) -> awaitable<void> {
    waiting.set_value();
    co_await waitShortly(event, std::chrono::hours(1));
  });
  app.onResponse([&status](Event& event) { status.set_value(event.status()); });
  h3::test::ServedApp served(app);
  {
    h3::test::RawClient client(served.port());
    client.send(h3::test::requestText("GET", "/slow"));
    waiting.get_future().wait();
    client.close(/*reset=*/true);
  }
  CHECK(status.get_future().get() == 499);
}

TEST_CASE("a server that ends while layers wait destroys their coroutines") {
  App app;
  std::promise<void> waiting;
  std::shared_ptr<int> held = std::make_shared<int>(1);
  for (int i = 0; i < 2; ++i)
    app.use([&held](Event&, AsyncNext& next) -> awaitable<void> {
      // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): counts it
      const std::shared_ptr<int> own = held;
      co_await next();
    });
  app.get("/never", [&waiting](Event& event) {
    event.defer();
    waiting.set_value();
  });
  h3::Config config = h3::Config::testing();
  config.timeouts.drainMs = 1;
  {
    h3::test::ServedApp served(app, config);
    h3::test::RawClient client(served.port());
    client.send(h3::test::requestText("GET", "/never"));
    waiting.get_future().wait();
    CHECK(held.use_count() == 3);
  }
  CHECK(held.use_count() == 1);
}

TEST_CASE(
    "a response in pieces passes through, and is cut when its handler fails, also if a layer catches that") {
  App app;
  app.use([](Event&, AsyncNext& next) -> awaitable<void> {
    try {
      co_await next();
    } catch (const std::runtime_error&) {
    }
  });
  app.get("/whole", [](Event& event) -> awaitable<void> {
    event.startStream("text/plain");
    for (int i = 0; i < 3; ++i) {
      co_await event.write("piece ");
      co_await waitShortly(event);
    }
  });
  app.get("/broken", [](Event& event) -> awaitable<void> {
    event.startStream("text/plain");
    co_await event.write("piece ");
    co_await waitShortly(event);
    throw std::runtime_error("broken");
  });
  Client client(app);
  CHECK(client.get("/whole").body == "piece piece piece ");
  const std::string broken(client.exchange(h3::test::requestText("GET", "/broken")));
  CHECK(broken.find("piece ") != std::string::npos);
  CHECK(broken.find("0\r\n\r\n") == std::string::npos);
  CHECK(client.monitor().total(h3::Metric::bodiesCut) == 1);
}

TEST_CASE("a synchronous layer around an awaitable one is refused when the app is frozen") {
  const auto sync = [](Event&, h3::Next& next) { next(); };
  const auto async = [](Event&, AsyncNext& next) -> awaitable<void> { co_await next(); };
  const auto coroutine = [](Event&) -> awaitable<void> { co_return; };
  App outer;
  outer.use(sync).use(async);
  CHECK_THROWS_AS(outer.freeze(), std::logic_error);
  App own;
  own.use(async).get("/x", [](Event&) {}).use(sync).use(async);
  CHECK_THROWS_WITH_AS(own.freeze(), doctest::Contains("\"/x\""), std::logic_error);
  App inner;
  inner.use(async).use(sync);
  CHECK_NOTHROW(inner.freeze());
  App around;
  around.use(async).use(sync).get("/x", coroutine);
  CHECK_THROWS_AS(around.freeze(), std::logic_error);
  App right;
  right.use(async).get("/x", coroutine).use(async);
  CHECK_NOTHROW(right.freeze());
}
