// http1_session.cpp and response_writer.cpp.
// What every response has, and what some must not have.
#include <doctest/doctest.h>
#include <netinet/tcp.h>

#include <algorithm>
#include <string>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

std::vector<std::pair<std::string, std::string>> withoutDate(RawResponse response) {
  std::erase_if(response.headers, [](const auto& field) { return field.first == "Date"; });
  return response.headers;
}

}  // namespace

TEST_CASE("HEAD: the fields of GET, no body, and the connection stays open") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const char* path : {"/", "/n/7", "/large", "/none", "/unchanged", "/nowhere", "/instant", "/fails"}) {
    CAPTURE(path);
    RawClient client(server.port());
    const RawResponse get = client.request(requestText("GET", path));
    const RawResponse head = client.request(requestText("HEAD", path), true);
    CHECK(head.status == get.status);
    CHECK(withoutDate(head) == withoutDate(get));
    CHECK(client.request(requestText("GET", "/")).body == "hello");
  }
}

TEST_CASE("204 and 304: no body; 204: no Content-Length; the next response follows directly") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  client.send(requestText("GET", "/none") + requestText("GET", "/unchanged") + requestText("GET", "/"));
  const RawResponse none = client.receiveResponse();
  CHECK(none.status == 204);
  CHECK(!none.header("Content-Length"));
  CHECK(!none.header("Transfer-Encoding"));
  CHECK(client.receiveResponse().status == 304);
  CHECK(client.receiveResponse().body == "hello");
}

TEST_CASE("exactly one Date and one length on every response that has a body") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const char* path : {"/", "/nowhere", "/fails", "/none", "/unchanged", "/instant", "/wait/1"}) {
    CAPTURE(path);
    const RawResponse response = server.get(path);
    CHECK(response.headerCount("Date") == 1);
    CHECK(fieldOf(response, "Date").ends_with(" GMT"));
    const bool bodiless = response.status == 204 || response.status == 304;
    CHECK(response.headerCount("Content-Length") == (bodiless ? 0 : 1));
  }
}

TEST_CASE("HTTP/1.0: closed by default, kept open on request, as its response says") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient closing(server.port());
  closing.send("GET / HTTP/1.0\r\n\r\n" + kSmuggled);
  const auto responses = receiveResponses(closing);
  REQUIRE(responses.size() == 1);
  CHECK(responses[0].body == "hello");
  CHECK(fieldOf(responses[0], "Connection") == "close");
  CHECK(!closing.wasReset());
  RawClient kept(server.port());
  for (int i = 0; i < 3; ++i) {
    const RawResponse response = kept.request("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    CHECK(response.body == "hello");
    CHECK(fieldOf(response, "Connection") == "keep-alive");
  }
  CHECK(kept.request("GET / HTTP/1.0\r\n\r\n").status == 200);
  CHECK(kept.closedByServer());
  CHECK(served.smuggled == 0);
}

TEST_CASE("HTTP/1.1: kept by default, closed on request; bytes behind that are ignored") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const RawResponse response = client.request(requestText("GET", "/"));
    CHECK(response.status == 200);
    CHECK(!response.header("Connection"));
  }
  client.send(requestText("GET", "/", "Connection: close\r\n") + kSmuggled + "\x01garbage");
  const auto responses = receiveResponses(client);
  REQUIRE(responses.size() == 1);
  CHECK(responses[0].status == 200);
  CHECK(fieldOf(responses[0], "Connection") == "close");
  CHECK(!client.wasReset());
  CHECK(served.smuggled == 0);
}

TEST_CASE("Keep-Alive: the idle time, where it is announced and the connection stays open") {
  ConformanceApp served;
  Config config = Config::testing();
  config.timeouts.idleMs = 7'900;
  CHECK(!ServedApp(served.app, config).get("/").header("Keep-Alive"));
  config.timeouts.announceIdle = true;
  ServedApp server(served.app, config);
  for (const char* path : {"/", "/nowhere", "/wait/1", "/none"}) {
    CAPTURE(path);
    const RawResponse response = server.get(path);
    CHECK(fieldOf(response, "Keep-Alive") == "timeout=7");
    CHECK(fieldOf(response, "Connection") == "keep-alive");
    CHECK(response.headerCount("Connection") == 1);
  }
  for (const std::string& request :
       {requestText("GET", "/", "Connection: close\r\n"), std::string("GET / HTTP/1.0\r\n\r\n"),
        std::string("GET  / HTTP/1.1\r\n")}) {
    CAPTURE(request);
    const RawResponse response = server.exchange(request);
    CHECK(fieldOf(response, "Connection") == "close");
    CHECK(!response.header("Keep-Alive"));
  }
  const RawResponse old = server.exchange("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(fieldOf(old, "Connection") == "keep-alive");
  CHECK(old.headerCount("Connection") == 1);
}

TEST_CASE("a client that has ended its side still gets its responses, small, large and late ones") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const char* path : {"/", "/large", "/wait/50"}) {
    CAPTURE(path);
    RawClient client(server.port());
    client.send(requestText("GET", path) + requestText("GET", "/n/1"));
    client.finishSending();
    const auto responses = receiveResponses(client);
    REQUIRE(responses.size() == 2);
    CHECK(responses[0].status == 200);
    CHECK(responses[1].body.starts_with("1 "));
    CHECK(!client.wasReset());
  }
}

TEST_CASE("the end in one segment with the request") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (int i = 0; i < 50; ++i) {
    RawClient client(server.port());
    const int cork = 1;
    ::setsockopt(client.socket(), IPPROTO_TCP, TCP_CORK, &cork, sizeof cork);
    client.send(requestText("POST", "/p", "Content-Length: 2\r\n") + "hi");
    client.finishSending();
    const auto responses = receiveResponses(client);
    REQUIRE(responses.size() == 1);
    CHECK(responses[0].body == "hi");
  }
}

TEST_CASE("an unfinished request and the end: closed without a response") {
  ConformanceApp served;
  ServedApp server(served.app);
  for (const char* bytes : {"", "\r\n", "G", "GET / HTTP/1.1\r\n",
                            "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhell"}) {
    RawClient client(server.port());
    client.send(bytes);
    client.finishSending();
    CHECK(receiveResponses(client).empty());
  }
  CHECK(served.dispatched == 0);
}
