// http1_streams.cpp and event_stream_operations.cpp.
// Request bodies that handlers read piece by piece, on real sockets.
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "conformance_app.hpp"
#include "stream_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

std::string chunked(std::string_view body, std::size_t chunkBytes) {
  std::string text;
  char size[32];
  for (; !body.empty(); body.remove_prefix(std::min(chunkBytes, body.size()))) {
    const std::string_view chunk = body.substr(0, chunkBytes);
    std::snprintf(size, sizeof size, "%zx\r\n", chunk.size());
    text.append(size).append(chunk).append("\r\n");
  }
  return text + "0\r\nSum: 12\r\n\r\n";
}

std::string upload(std::string_view path, std::string_view body) {
  return requestText("POST", path, "Content-Length: " + std::to_string(body.size()) + "\r\n").append(body);
}

}  // namespace

TEST_CASE("an upload of any framing and cut reaches its handler whole, and the connection goes on") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  for (const std::size_t bytes : {0UL, 1UL, 5'000UL, 20'000UL, 300'000UL, 3'000'000UL}) {
    CAPTURE(bytes);
    const std::string body = pattern(bytes);
    CHECK(client.request(upload("/count", body)).body == std::to_string(bytes));
    CHECK(client.request(upload("/sink", body)).body == std::to_string(bytes));
    for (const std::size_t chunkBytes : {7UL, 4'096UL, 100'000UL}) {
      if (bytes / chunkBytes > 10'000) continue;
      const std::string head = requestText("POST", "/count", "Transfer-Encoding: chunked\r\n");
      CHECK(client.request(head + chunked(body, chunkBytes)).body == std::to_string(bytes) + "12");
    }
  }
  CHECK(client.request(requestText("GET", "/")).body == "hello");
  client.close();
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("pipelined uploads are read one after the other, byte by byte too") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  const std::string three = upload("/count", pattern(50)) +
                            requestText("POST", "/count", "Transfer-Encoding: chunked\r\n") +
                            chunked(pattern(60), 9) + requestText("GET", "/");
  client.send(three);
  CHECK(client.receiveResponse().body == "50");
  CHECK(client.receiveResponse().body == "6012");
  CHECK(client.receiveResponse().body == "hello");
  for (const char byte : three) client.send({&byte, 1});
  CHECK(client.receiveResponse().body == "50");
  CHECK(client.receiveResponse().body == "6012");
  CHECK(client.receiveResponse().body == "hello");
}

TEST_CASE("a large upload needs no more memory than a small one") {
  StreamApp served;
  ServedApp server(served.app);
  const Monitor& monitor = server.server().monitor();
  RawClient client(server.port());
  CHECK(client.request(upload("/count", pattern(1000))).body == "1000");
  const std::string piece = pattern(1024 * 1024);
  client.send(requestText("POST", "/count", "Content-Length: 209715200\r\n"));
  for (int i = 0; i < 200; ++i) client.send(piece);
  CHECK(client.receiveResponse().body == "209715200");
  client.close();
  CHECK(poolsAreFull(monitor));
  CHECK(served.pieces > 200);
}

TEST_CASE("a body beyond the route's limit: 413 before the handler, or within a chunked body") {
  StreamApp served;
  ServedApp server(served.app);
  CHECK(server.exchange(upload("/count/small", pattern(1000))).body == "1000");
  CHECK(isRefusal(server.exchange(upload("/count/small", pattern(1001))), 413));
  CHECK(served.refusedWith == 0);
  const std::string head = requestText("POST", "/count/small", "Transfer-Encoding: chunked\r\n");
  const RawResponse cut = server.exchange(head + chunked(pattern(1001), 600));
  CHECK(cut.status == 413);
  CHECK(cut.header("Connection") == "close");
  CHECK(served.refusedWith == 413);
  CHECK(server.exchange(upload("/limited", pattern(100))).body == "100");
  CHECK(isRefusal(server.exchange(upload("/limited", pattern(101))), 413));
  CHECK(server.exchange(upload("/whole", pattern(500'000))).body == "500000");
  CHECK(isRefusal(server.exchange(upload("/whole", pattern(2'000'000))), 413));
}

TEST_CASE("a malformed chunk reaches the handler as a 400, and ends the connection") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  client.send(requestText("POST", "/count", "Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\nx\r\n");
  const RawResponse response = client.receiveResponse();
  CHECK(response.status == 400);
  CHECK(served.refusedWith == 400);
  CHECK(client.closedByServer());
}

TEST_CASE(
    "a handler that does not read the body: its response closes the connection, unless all has arrived") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  CHECK(client.request(upload("/ignored", pattern(100))).status == 403);
  CHECK(client.request(requestText("GET", "/")).body == "hello");
  client.send(requestText("POST", "/ignored", "Content-Length: 1000000\r\n") + pattern(1000));
  const RawResponse early = client.receiveResponse();
  CHECK(early.status == 403);
  CHECK(early.header("Connection") == "close");
}

TEST_CASE("100 Continue is sent when the handler reads, and not at all when it does not") {
  StreamApp served;
  ServedApp server(served.app);
  const std::string expecting = "Content-Length: 5\r\nExpect: 100-continue\r\n";
  RawClient client(server.port());
  client.send(requestText("POST", "/count", expecting));
  CHECK(client.receiveResponse().status == 100);
  client.send("12345");
  CHECK(client.receiveResponse().body == "5");
  client.send(requestText("POST", "/ignored", expecting));
  CHECK(client.receiveResponse().status == 403);
}

TEST_CASE("a client that leaves within its upload ends the handler") {
  StreamApp served;
  ServedApp server(served.app);
  int expected = 0;
  for (const bool reset : {true, false}) {
    RawClient client(server.port());
    served.pieces = 0;
    client.send(requestText("POST", "/count", "Content-Length: 1000000\r\n") + "some");
    REQUIRE(eventually([&] { return served.pieces > 0; }));
    client.close(reset);
    ++expected;
    CHECK(eventually([&] { return served.aborted == expected; }));
  }
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a client that sends too slowly: the handler sees a 408") {
  StreamApp served;
  Config config = Config::testing();
  config.timeouts.bodyGraceMs = 100;
  config.timeouts.handlerMs = 1;  // does not count while the client is waited for
  ServedApp server(served.app, config);
  RawClient client(server.port());
  client.send(requestText("POST", "/count", "Content-Length: 1000000\r\n") + "some");
  CHECK(client.receiveResponse().status == 408);
  CHECK(client.closedByServer());
  CHECK(served.refusedWith == 408);
}

TEST_CASE("an App's limit is that of its routes without their own, also below a prefix") {
  App inner;
  const auto size = [](Event& event) { event.sendText(std::to_string(event.readBody().size())); };
  inner.limitBody(10);
  inner.post("/small", size);
  inner.post("/large", size).limitBody(2'000'000);
  App app;
  app.mount("/api", std::move(inner));
  app.post("/other", size);
  ServedApp server(app);
  CHECK(server.exchange(upload("/api/small", pattern(10))).body == "10");
  CHECK(isRefusal(server.exchange(upload("/api/small", pattern(11))), 413));
  CHECK(server.exchange(upload("/api/large", pattern(1'500'000))).body == "1500000");
  CHECK(server.exchange(upload("/other", pattern(1'000'000))).body == "1000000");
  CHECK(isRefusal(server.exchange(upload("/other", pattern(1'500'000))), 413));
}

TEST_CASE("limits that no body or handler may have are refused with their route") {
  App app;
  const auto nothing = [](Event& event) { event.sendNothing(); };
  const char* const tooLarge =
      "route \"/x\": limitBody(16777217): expected at most 16777216; a larger body is read by a route with streamBody()";
  CHECK_THROWS_WITH_AS(app.post("/x", nothing).limitBody(16 * 1024 * 1024 + 1), tooLarge,
                       std::invalid_argument);
  CHECK_THROWS_WITH_AS(app.limitTime(std::chrono::hours(25)),
                       "App: limitTime(90000000 ms): expected 0 to one day", std::invalid_argument);
}
