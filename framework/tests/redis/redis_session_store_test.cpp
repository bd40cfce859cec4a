#include "h3http/redis_session_store.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "../security/browser.hpp"
#include "h3http/sessions.hpp"
#include "redis_server.hpp"
#include "security/sha256.hpp"

using namespace h3::test;
using h3::Event;
using h3::RedisSessionStore;

namespace {

#define SKIP_WITHOUT_REDIS()                                                  \
  if (!RedisServer::installed()) {                                            \
    MESSAGE("skipped: redis-server is not installed (Debian: redis-server)"); \
    return;                                                                   \
  }

h3::RedisOptions optionsFor(const RedisServer& server) {
  h3::RedisOptions options;
  options.unixPath = server.unixPath();
  options.timeoutMs = 5'000;
  options.retryMs = 0;
  return options;
}

h3::SessionKey redisKey(const std::string& name) { return h3::security::sha256({name}); }

std::string loadedFrom(h3::SessionStore& store, const std::string& name) {
  h3::Arena arena;
  return std::string(store.load(redisKey(name), 60, arena).value_or("(none)"));
}

// One instance of a service, with a store of its own.
struct RedisInstance {
  explicit RedisInstance(h3::RedisOptions options) {
    h3::SessionOptions sessions;
    sessions.store = std::make_shared<RedisSessionStore>(std::move(options));
    h3::sessions(app, std::move(sessions));
    app.get("/login", [](Event& event) {
      h3::session(event).rotate();
      h3::session(event).set("user", "7");
      event.sendText("");
    });
    app.get("/me", [](Event& event) { event.sendText(h3::session(event).get("user").value_or("(none)")); });
    app.get("/logout", [](Event& event) {
      h3::session(event).destroy();
      event.sendText("");
    });
    browser.emplace(app);
  }
  int ask(std::string_view target) {
    Event& event = browser->get(target);
    body = event.responseBody();
    return event.status();
  }

  h3::App app;
  std::optional<Browser> browser;
  std::string body;
};

}  // namespace

TEST_CASE("records are created, replaced, erased, and expire") {
  SKIP_WITHOUT_REDIS();
  const RedisServer server;
  RedisSessionStore store(optionsFor(server));
  const std::string record("binary\0\r\n\xff record", 17);
  CHECK(loadedFrom(store, "a") == "(none)");
  CHECK_FALSE(store.replace(redisKey("a"), record, 60));
  CHECK(loadedFrom(store, "a") == "(none)");
  store.create(redisKey("a"), record, 60);
  CHECK(loadedFrom(store, "a") == record);
  CHECK(store.replace(redisKey("a"), std::string(100'000, 'r'), 60));
  CHECK(loadedFrom(store, "a") == std::string(100'000, 'r'));
  store.create(redisKey("empty"), "", 60);
  CHECK(loadedFrom(store, "empty").empty());
  store.erase(redisKey("a"));
  store.erase(redisKey("a"));
  CHECK(loadedFrom(store, "a") == "(none)");
}

TEST_CASE("two instances share sessions, and a Redis that is killed and restarted") {
  SKIP_WITHOUT_REDIS();
  RedisServer server;
  RedisInstance first(optionsFor(server));
  RedisInstance second(optionsFor(server));
  CHECK(first.ask("/login") == 200);
  second.browser->cookies = first.browser->cookies;
  CHECK(second.ask("/me") == 200);
  CHECK(second.body == "7");
  CHECK(second.ask("/logout") == 200);
  CHECK(first.ask("/me") == 200);
  CHECK(first.body == "(none)");

  CHECK(first.ask("/login") == 200);
  server.kill();
  CHECK(first.ask("/me") == 503);
  CHECK(first.body == "Service Unavailable");
  CHECK(first.ask("/login") == 503);
  server.start();
  CHECK(first.ask("/me") == 200);
  CHECK(first.body == "(none)");  // this Redis saves nothing
  CHECK(first.ask("/login") == 200);
  CHECK(first.ask("/me") == 200);
  CHECK(first.body == "7");
  second.browser->cookies = first.browser->cookies;
  CHECK(second.ask("/me") == 200);
  CHECK(second.body == "7");

  // A restart between two requests is not even noticed.
  server.kill();
  server.start();
  CHECK(first.ask("/me") == 200);
}

TEST_CASE("a Redis that does not respond costs one timeout, then nothing until the next try") {
  SKIP_WITHOUT_REDIS();
  RedisServer server;
  h3::RedisOptions options = optionsFor(server);
  options.timeoutMs = 20;
  options.retryMs = 60'000;
  options.idleConnections = 1;
  RedisSessionStore store(options);
  store.create(redisKey("a"), "x", 60);
  server.pause();
  CHECK_THROWS_AS(loadedFrom(store, "a"), h3::SessionStoreError);
  std::string problem;
  try {
    (void)loadedFrom(store, "a");
  } catch (const h3::SessionStoreError& error) {
    problem = error.detail();
    CHECK(std::string(error.what()) == "Service Unavailable");
  }
  CHECK(problem == "Redis at " + server.unixPath() + ": waiting before the next try to connect");
  server.resume();
}

TEST_CASE("a password that is asked for, and an error reply") {
  SKIP_WITHOUT_REDIS();
  const RedisServer server({"--requirepass", "the password"});
  RedisSessionStore without(optionsFor(server));
  CHECK_THROWS_AS(loadedFrom(without, "a"), h3::SessionStoreError);
  h3::RedisOptions options = optionsFor(server);
  options.password = "wrong";
  RedisSessionStore wrong(options);
  CHECK_THROWS_AS(loadedFrom(wrong, "a"), h3::SessionStoreError);
  options.password = "the password";
  RedisSessionStore store(options);
  store.create(redisKey("a"), "x", 60);
  CHECK(loadedFrom(store, "a") == "x");
  options.user = "default";
  RedisSessionStore named(options);
  CHECK(loadedFrom(named, "a") == "x");
}

TEST_CASE("threads have connections of their own") {
  SKIP_WITHOUT_REDIS();
  const RedisServer server;
  RedisSessionStore store(optionsFor(server));
  const auto work = [&store](const std::string& name, int& good) {
    for (int i = 0; i < 200; ++i) {
      store.create(redisKey(name), name + std::to_string(i), 60);
      good += loadedFrom(store, name) == name + std::to_string(i) ? 1 : 0;
    }
  };
  int first = 0;
  int second = 0;
  std::thread other(work, "one", std::ref(first));
  work("two", second);
  other.join();
  CHECK(first == 200);
  CHECK(second == 200);
}

TEST_CASE("options out of range are refused, and nothing is listening") {
  const auto refuses = [](auto change) {
    h3::RedisOptions options;
    change(options);
    CHECK_THROWS_AS(RedisSessionStore{options}, std::invalid_argument);
  };
  refuses([](h3::RedisOptions& options) { options.timeoutMs = 0; });
  refuses([](h3::RedisOptions& options) { options.timeoutMs = 10'001; });
  refuses([](h3::RedisOptions& options) { options.retryMs = 60'001; });
  refuses([](h3::RedisOptions& options) { options.idleConnections = 0; });
  refuses([](h3::RedisOptions& options) { options.prefix = std::string(65, 'p'); });
  refuses([](h3::RedisOptions& options) { options.host = ""; });
  h3::RedisOptions options;
  options.unixPath = "/nonexistent/redis.sock";
  RedisSessionStore store(options);
  CHECK_THROWS_AS(loadedFrom(store, "a"), h3::SessionStoreError);
}
