// loopback.cpp: bodies piece by piece, as a test client sees them.
#include <doctest/doctest.h>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <string>

#include "h3http/async.hpp"
#include "h3http/stream.hpp"
#include "h3http/testing.hpp"

namespace asio = boost::asio;
using h3::Event;
using h3::test::Client;
using h3::test::ClientError;

namespace {

using Work = asio::awaitable<void>;

h3::App makeStreams() {
  h3::App app;
  app.post("/echo",
           [](Event& event) -> Work {
             event.startStream("text/plain");
             for (std::string_view piece; !(piece = co_await event.readSome()).empty();)
               co_await event.write(piece);
           })
      .streamBody(1'000'000);
  app.post("/late",
           [](Event& event) -> Work {
             asio::steady_timer timer(h3::executorOf(event), std::chrono::milliseconds(1));
             co_await timer.async_wait(asio::use_awaitable);
             std::size_t bytes = 0;
             for (std::string_view piece; !(piece = co_await event.readSome()).empty();)
               bytes += piece.size();
             event.sendText(std::to_string(bytes));
           })
      .streamBody(1'000'000);
  app.get("/pieces", [](Event& event) {
    sendPieces(event, "text/plain", [left = 3]() mutable -> std::string_view {
      static const std::string kPiece(40'000, 'p');
      return left-- == 0 ? std::string_view() : std::string_view(kPiece);
    });
  });
  app.get("/fails", [](Event& event) -> Work {
    event.startStream("text/plain");
    co_await event.write("begun");
    throw h3::HttpError(500, "on purpose");
  });
  return app;
}

}  // namespace

TEST_CASE("streams pass through a test client as through a socket") {
  h3::App app = makeStreams();
  Client client(app);
  for (const std::size_t bytes : {0UL, 5UL, 100'000UL, 900'000UL}) {
    CAPTURE(bytes);
    const std::string body(bytes, 'b');
    CHECK(client.post("/echo", body).body == body);
    CHECK(client.post("/late", body).body == std::to_string(bytes));
  }
  CHECK(client.get("/pieces").body == std::string(120'000, 'p'));
  CHECK(client.head("/pieces").body.empty());
  CHECK(client.post("/late", std::string(1'000'001, 'b')).status == 413);
}

TEST_CASE("a handler that waits for the rest of its body gets it with the next bytes, or its end") {
  h3::App app = makeStreams();
  Client client(app);
  CHECK(client.exchange("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc").empty());
  CHECK(client.exchange("def").ends_with("\r\n\r\n6"));
  CHECK(client.exchange("POST /late HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc").empty());
  client.disconnect();
  CHECK(client.get("/pieces").status == 200);
}

TEST_CASE("a response that is cut within its stream is an error of the client") {
  h3::App app = makeStreams();
  Client client(app);
  CHECK_THROWS_AS(client.get("/fails"), ClientError);
  CHECK(client.get("/pieces").status == 200);
}
