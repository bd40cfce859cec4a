// Server::drain(): what SIGTERM does.
#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

Config drainingWithin(std::uint32_t drainMs) {
  Config config = Config::testing();
  config.timeouts.drainMs = drainMs;
  return config;
}

// Not in the moment in which the listening socket is closed: Linux may lose a handshake that ends just then,
// and its client waits in vain.
bool refusesConnections(std::uint16_t port) {
  try {
    const RawClient client(port);
    return false;
  } catch (const std::runtime_error&) {
    return true;
  }
}

}  // namespace

TEST_CASE("a late response is still sent, with close, and new connections are refused") {
  ConformanceApp served;
  ServedApp server(served.app, drainingWithin(30'000));
  RawClient client(server.port());
  client.send(requestText("GET", "/held") + kSmuggled);
  REQUIRE(eventually([&] { return served.holding == 1; }));
  RawClient idle(server.port());
  CHECK(idle.request(requestText("GET", "/")).status == 200);
  server.server().drain();
  CHECK(idle.closedByServer());
  CHECK(refusesConnections(server.port()));
  CHECK(served.released == 0);
  served.held = false;
  const auto responses = receiveResponses(client);
  REQUIRE(responses.size() == 1);
  CHECK(responses[0].body == "released");
  CHECK(fieldOf(responses[0], "Connection") == "close");
  CHECK(!client.wasReset());
  client.close();
  CHECK(server.server().join());
  CHECK(served.smuggled == 0);
}

TEST_CASE("idle connections are closed immediately, requests on the way are finished") {
  ConformanceApp served;
  ServedApp server(served.app, drainingWithin(30'000));
  RawClient silent(server.port());
  RawClient idle(server.port());
  CHECK(idle.request(requestText("GET", "/")).status == 200);
  RawClient sending(server.port());
  const std::string half = requestText("POST", "/p", "Content-Length: 5\r\n") + "he";
  sending.send(half);
  RawClient starting(server.port());
  starting.send("GET / HT");
  const std::uint64_t sentBytes = requestText("GET", "/").size() + half.size() + 8;
  REQUIRE(eventually([&] { return server.server().monitor().total(Metric::bytesReceived) == sentBytes; }));
  server.server().drain();
  CHECK(silent.closedByServer());
  CHECK(idle.closedByServer());
  CHECK(!idle.wasReset());
  const RawResponse body = sending.request("llo");
  CHECK(body.body == "hello");
  CHECK(fieldOf(body, "Connection") == "close");
  CHECK(starting.request("TP/1.1\r\nHost: a\r\n\r\n").body == "hello");
  CHECK(sending.closedByServer());
  CHECK(starting.closedByServer());
  sending.close();
  starting.close();
  CHECK(server.server().join());
}

TEST_CASE("a response that its client has not taken yet is sent to the end") {
  ConformanceApp served;
  ServedApp server(served.app, drainingWithin(30'000));
  RawClient client(server.port(), 16 * 1024);
  client.send(requestText("GET", "/large"));
  REQUIRE(eventually([&] { return served.dispatched == 1; }));
  server.server().drain();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(client.receiveResponse().body.size() == ConformanceApp::kLargeBytes);
  CHECK(client.closedByServer());
  client.close();
  CHECK(server.server().join());
}

TEST_CASE("requests that are open at the deadline are cut off, and join() returns false") {
  for (const std::string& bytes :
       {requestText("GET", "/wait/60000"), std::string("GET / HT"), requestText("GET", "/large")}) {
    CAPTURE(bytes);
    ConformanceApp served;
    ServedApp server(served.app, drainingWithin(200));
    RawClient client(server.port(), 16 * 1024);
    client.send(bytes);
    REQUIRE(
        eventually([&] { return server.server().monitor().total(Metric::bytesReceived) == bytes.size(); }));
    server.server().drain();
    CHECK(!server.server().join());
    CHECK(server.server().monitor().total(Metric::connectionsClosed) == 1);
  }
}

TEST_CASE("drain() twice, on several threads, without any connection, and before the start") {
  ConformanceApp served;
  Config config = drainingWithin(30'000);
  config.threads = 3;
  ServedApp server(served.app, config);
  server.server().drain();
  server.server().drain();
  CHECK(server.server().join());
  Server never(served.app, onTestedReactor(config));
  Server early(served.app, onTestedReactor(config));
  early.drain();
  early.start();
  CHECK(early.join());
}
