// Handlers that respond later, as a test client sees them.
#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "../memory/allocation_counter.hpp"
#include "app/event_state.hpp"
#include "h3http/async.hpp"
#include "h3http/testing.hpp"

namespace asio = boost::asio;
using h3::Event;
using h3::test::Client;
using h3::test::ClientOptions;

namespace {

asio::awaitable<std::string> waitFor(Event& event, std::chrono::milliseconds time) {
  asio::steady_timer timer(h3::executorOf(event), time);
  co_await timer.async_wait(asio::use_awaitable);
  co_return "waited";
}

// A body of ten bytes that cannot be read.
class BrokenSource final : public h3::BodySource {
 public:
  Piece next() override { return {}; }
  std::uint64_t remainingBytes() const noexcept override { return 10; }
  std::size_t heldBytes() const noexcept override { return 0; }
};

}  // namespace

TEST_CASE("a body that cannot be completed is an error that says so") {
  h3::App app;
  app.get("/cut", [](Event& event) {
    event.sendView("start", "text/plain");
    h3::EventState& state = h3::EventState::of(event);
    state.continueBody(state.makeBodySource<BrokenSource>());
  });
  app.get("/", [](Event&) { return "fine"; });
  Client client(app);
  std::string what;
  try {
    (void)client.get("/cut");
  } catch (const h3::test::ClientError& error) {
    what = error.what();
  }
  CHECK(what.starts_with("GET /cut: expected a whole response, found a part of one, then the end"));
  CHECK(what.ends_with("; the server cut the connection within a body"));
  CHECK(client.get("/").body == "fine");
}

TEST_CASE("awaitable handlers are awaited") {
  h3::App app;
  app.get("/wait", [](Event& event) { return waitFor(event, std::chrono::milliseconds(1)); });
  app.get("/throw", [](Event& event) -> asio::awaitable<void> {
    (void)co_await waitFor(event, std::chrono::milliseconds(1));
    throw h3::HttpError(409, "busy");
  });
  app.get("/at-once", [](Event&) -> asio::awaitable<std::string> { co_return "now"; });
  Client client(app);
  CHECK(client.get("/wait").body == "waited");
  CHECK(client.get("/throw").status == 409);
  CHECK(client.get("/at-once").body == "now");
}

TEST_CASE("deferred handlers, completed on the loop or from a thread") {
  std::thread other;
  h3::App app;
  app.get("/later", [](Event& event) {
    const h3::Deferred later = event.defer();
    asio::post(event.ioContext(), [later] {
      later.event()->sendText("later");
      later.complete();
    });
  });
  app.get("/thread", [&other](Event& event) {
    const h3::Deferred later = event.defer();
    other = std::thread([later, &loop = event.ioContext()] {
      asio::post(loop, [later] {
        later.event()->sendText("from a thread");
        later.complete();
      });
    });
  });
  app.get("/in-call", [](Event& event) {
    const h3::Deferred later = event.defer();
    event.sendText("already");
    later.complete();
  });
  Client client(app);
  CHECK(client.get("/later").body == "later");
  CHECK(client.get("/thread").body == "from a thread");
  other.join();
  CHECK(client.get("/in-call").body == "already");
}

TEST_CASE("a handler that takes too long gets a 504, is cancelled, and the client goes on") {
  h3::App app;
  bool cancelled = false;
  app.get("/slow", [&cancelled](Event& event) -> asio::awaitable<std::string> {
    try {
      co_return co_await waitFor(event, std::chrono::hours(1));
    } catch (const boost::system::system_error&) {
      cancelled = true;
      throw;
    }
  });
  app.get("/never", [](Event& event) { event.defer(); });
  app.get("/", [](Event&) { return "fine"; });
  ClientOptions options;
  options.config.timeouts.handlerMs = 5;
  Client client(app, options);
  CHECK(client.get("/slow").status == 504);
  CHECK(cancelled);
  CHECK(client.get("/never").status == 504);
  CHECK(client.get("/").body == "fine");
}

TEST_CASE("what a handler leaves on the loop runs, and its exceptions reach the test") {
  h3::App app;
  int ran = 0;
  app.get("/posts", [&ran](Event& event) {
    asio::post(event.ioContext(), [&ran] { ++ran; });
    return "posted";
  });
  app.get("/throws", [](Event& event) {
    asio::post(event.ioContext(), [] { throw std::logic_error("on the loop"); });
    return "posted";
  });
  Client client(app);
  CHECK(client.get("/posts").body == "posted");
  CHECK(ran == 1);
  CHECK_THROWS_AS((void)client.get("/throws"), std::logic_error);
}

TEST_CASE("a client that leaves in the middle") {
  h3::App app;
  app.post("/", [](Event&) { return "posted"; });
  Client client(app);
  CHECK(client.exchange("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab").empty());
  client.disconnect();
  CHECK(client.post("/", "abcde").body == "posted");
  CHECK(client.monitor().total(h3::Metric::connectionsAccepted) == 2);
  CHECK(client.monitor().total(h3::Metric::connectionsClosed) == 1);
  CHECK(client.monitor().total(h3::Metric::eventPoolInUse) == 0);
}

TEST_CASE("exchange() allocates nothing once warm: a test can prove that its handler does not") {
  h3::App app;
  app.get("/users/:id", [](Event& event) {
    event.setContext("user", "anna");
    event.sendJson({{"id", *event.getParam("id")}, {"user", *event.getContext("user")}});
  });
  Client client(app);
  const std::string request = "GET /users/7 HTTP/1.1\r\nHost: test\r\n\r\n";
  for (int i = 0; i < 10; ++i) (void)client.exchange(request);
  const h3::test::AllocationCounter counter;
  for (int i = 0; i < 100; ++i) (void)client.exchange(request);
  CHECK(counter.count() == 0);
}
