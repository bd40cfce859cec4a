// connection.cpp, http1_session.cpp and worker.cpp.
// Clients that leave, at every point of a request: nothing stays behind.
#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

TEST_CASE("left at every byte of a request, by FIN and by RST") {
  ConformanceApp served;
  ServedApp server(served.app);
  const std::string requests[] = {
      requestText("POST", "/p", "Content-Length: 5\r\n") + "hello",
      requestText("POST", "/p", "Transfer-Encoding: chunked\r\n") + "5;x=\"y\"\r\nhello\r\n0\r\nA: b\r\n\r\n",
      requestText("POST", "/p", "Expect: 100-continue\r\nContent-Length: 5\r\n") + "hello",
      "\r\n" + requestText("GET", "/wait/1") + requestText("GET", "/n/1"),
  };
  for (const std::string& request : requests) {
    for (std::size_t cut = 0; cut <= request.size(); ++cut) {
      for (const bool reset : {false, true}) {
        RawClient client(server.port());
        client.send(std::string_view(request).substr(0, cut));
        client.close(reset);
      }
    }
  }
  CHECK(poolsAreFull(server.server().monitor()));
  CHECK(server.get("/").body == "hello");
}

TEST_CASE("a client leaves in the middle of a large response") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const bool reset : {false, true}) {
    for (int i = 0; i < 10; ++i) {
      RawClient client(server.port(), 16 * 1024);
      client.send(requestText("GET", "/large") + requestText("GET", "/large"));
      char byte = 0;
      CHECK(::recv(client.socket(), &byte, 1, 0) == 1);
      client.close(reset);
    }
  }
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("left while the server waits for the rest of a refused request") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const bool reset : {false, true}) {
    for (int i = 0; i < 20; ++i) {
      RawClient client(server.port());
      client.send("GET  / HTTP/1.1\r\n");
      client.close(reset);
    }
  }
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("1,000 connections come and go, 200 at a time") {
  ConformanceApp served;
  Config config = Config::testing();
  config.threads = 2;
  ServedApp server(served.app, config);
  const Monitor& monitor = server.server().monitor();
  for (int wave = 0; wave < 5; ++wave) {
    const auto clients = connectClients(server.port(), 200);
    for (auto& client : clients) client->send(requestText("GET", "/n/1"));
    for (auto& client : clients) CHECK(client->receiveResponse().status == 200);
  }
  CHECK(poolsAreFull(monitor));
  CHECK(monitor.total(Metric::connectionsAccepted) == 1000);
  CHECK(monitor.total(Metric::connectionsRefused) == 0);
  // The handlers are synchronous: one event a worker is enough, and the pool was filled at the start.
  CHECK(monitor.total(Metric::eventPoolReused) == monitor.total(Metric::eventPoolAcquired));
}
