// h3::blocking() as handlers use it. What happens to the calls of clients that leave: work/blocking_pool_test.cpp.
#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "../memory/allocation_counter.hpp"
#include "../support/local_worker.hpp"
#include "h3http/blocking.hpp"
#include "h3http/testing.hpp"

namespace asio = boost::asio;
using h3::Event;
using h3::test::Client;
using h3::test::ClientOptions;

namespace {

// Longer than what a string holds without memory of its own.
const std::string kLong = "a text that is too long to be kept within the string itself";

struct TextJob {
  std::string text;
  std::string operator()() const { return text; }
};

std::string plainFunction() { return "plain"; }

// What a handler responds that awaits this.
template <class Handler>
std::string answerOf(Handler handler) {
  h3::App app;
  app.get("/", handler);
  Client client(app);
  std::string answer;
  for (int i = 0; i < 3; ++i) answer = client.get("/").body;
  return answer;
}

}  // namespace

TEST_CASE("work runs on another thread, and the handler goes on its own") {
  std::thread::id worker, pool, after;
  h3::App app;
  app.get("/", [&](Event& event) -> asio::awaitable<std::string> {
    worker = std::this_thread::get_id();
    co_await h3::blocking(event, [&] { pool = std::this_thread::get_id(); });
    after = std::this_thread::get_id();
    co_return "done";
  });
  Client client(app);
  CHECK(client.get("/").body == "done");
  CHECK(worker == std::this_thread::get_id());
  CHECK(after == worker);
  CHECK(pool != worker);
  CHECK(pool != std::thread::id());
  CHECK(client.monitor().total(h3::Metric::blockingCalls) == 1);
}

// Each of these forms is destroyed twice by GCC 12 when it is a temporary of the co_await expression; with AddressSanitizer that
// is an error of this test.
TEST_CASE("every form of work that holds objects, under a name") {
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          auto work = [text = kLong] { return text; };
          co_return co_await h3::blocking(event, work);
        }) == kLong);
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          const TextJob job{kLong};
          co_return co_await h3::blocking(event, job);
        }) == kLong);
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          std::function<std::string()> work = [text = kLong] { return text; };
          co_return co_await h3::blocking(event, work);
        }) == kLong);
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          auto work = [owned = std::make_unique<std::string>(kLong)] { return *owned; };
          std::string all;
          for (int i = 0; i < 2; ++i) all += co_await h3::blocking(event, work);
          co_return all;
        }) == kLong + kLong);
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          auto work = [text = kLong]() mutable { return std::move(text); };
          auto pending = h3::blocking(event, work);
          co_return co_await std::move(pending);
        }) == kLong);
}

TEST_CASE("temporaries that hold references, pointers and numbers") {
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          const std::string text = kLong;
          const int times = 2;
          co_return co_await h3::blocking(event, [&text, times] {
            std::string all;
            for (int i = 0; i < times; ++i) all += text;
            return all;
          });
        }) == kLong + kLong);
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          co_return co_await h3::blocking(event, &plainFunction);
        }) == "plain");
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          co_return co_await h3::blocking(event, plainFunction);
        }) == "plain");
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          const std::string_view path = event.path();
          co_return co_await h3::blocking(event, [path] { return std::string(path); });
        }) == "/");
}

TEST_CASE("results of every kind: none, movable only, without a default, a reference") {
  struct NoDefault {
    explicit NoDefault(std::string t) : text(std::move(t)) {}
    std::string text;
  };
  CHECK(answerOf([](Event& event) -> asio::awaitable<std::string> {
          const std::unique_ptr<std::string> owned =
              co_await h3::blocking(event, [] { return std::make_unique<std::string>(kLong); });
          const NoDefault value = co_await h3::blocking(event, [] { return NoDefault("n"); });
          const std::string& reference = kLong;
          const std::string copy =
              co_await h3::blocking(event, [&]() -> const std::string& { return reference; });
          co_await h3::blocking(event, [] {});
          co_return *owned + value.text + copy;
        }) == kLong + "n" + kLong);
}

TEST_CASE("exceptions of the work reach the handler") {
  h3::App app;
  app.get("/caught", [](Event& event) -> asio::awaitable<std::string> {
    std::string what;
    try {
      co_await h3::blocking(event, [] { throw std::runtime_error("as intended"); });
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
    co_return what;
  });
  app.get("/status", [](Event& event) -> asio::awaitable<void> {
    co_await h3::blocking(event, [] { throw h3::HttpError(418, "teapot"); });
  });
  Client client(app);
  CHECK(client.get("/caught").body == "as intended");
  CHECK(client.get("/status").status == 418);
}

TEST_CASE("an event without a server has no pool: the message says so") {
  h3::App app;
  std::string what;
  app.get("/", [&what](Event& event) -> asio::awaitable<void> {
    try {
      co_await h3::blocking(event, [] {});
    } catch (const std::logic_error& error) {
      what = error.what();
    }
  });
  asio::io_context loop;
  h3::test::LocalWorker worker(app);
  worker.services.ioContext = &loop;
  (void)worker.run("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  loop.run();
  CHECK(what == "h3::blocking: found an event without a server, expected one of a Server or a test::Client");
}

TEST_CASE(
    "a warm call needs no memory for itself: none beside the frames, which Asio allocates in its own way") {
  h3::App app;
  app.get("/", [](Event& event) -> asio::awaitable<void> { co_await h3::blocking(event, [] {}); });
  Client client(app);
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int i = 0; i < 20; ++i) (void)client.exchange(request);
  const h3::test::AllocationCounter counter;
  for (int i = 0; i < 100; ++i) (void)client.exchange(request);
  CHECK(counter.count() == 0);
}
