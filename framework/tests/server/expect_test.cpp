// session_fsm.cpp, request_reader.cpp and http1_session.cpp.
// Expect: 100-continue (RFC 9110 10.1.1): only when the body is wanted.
#include <doctest/doctest.h>

#include <string>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

const std::string kExpect = "Expect: 100-continue\r\n";
const std::string kExpectFive = kExpect + "Content-Length: 5\r\n";

}  // namespace

TEST_CASE("a wanted body: 100, then the response, then the next request") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    const RawResponse interim = client.request(requestText("POST", "/p", kExpectFive));
    CHECK(interim.status == 100);
    CHECK(interim.headers.empty());
    CHECK(client.request("hello").body == "hello");
    CHECK(client.request(requestText("POST", "/p", kExpect + "Transfer-Encoding: chunked\r\n")).status ==
          100);
    CHECK(client.request("3\r\nabc\r\n0\r\n\r\n").body == "abc");
  }
}

TEST_CASE("no 100 for a body that has started to arrive, or is empty") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  CHECK(client.request(requestText("POST", "/p", kExpectFive) + "hello").body == "hello");
  CHECK(client.request(requestText("POST", "/p", kExpect + "Content-Length: 0\r\n")).status == 200);
  CHECK(client.request(requestText("GET", "/", kExpect)).status == 200);
}

TEST_CASE("an unwanted body: the final response without 100, and the end") {
  ConformanceApp served;
  ServedApp server(served.app);
  struct Row {
    const char* method;
    const char* path;
    std::string fields;
    int status;
  };
  const Row rows[] = {
      {"POST", "/nowhere", kExpectFive, 404},
      {"POST", "/nowhere", kExpect + "Transfer-Encoding: chunked\r\n", 404},
      {"POST", "/", kExpectFive, 405},
      {"BREW", "/p", kExpectFive, 501},
      {"POST", "/p", kExpect + "Content-Length: 9999999\r\n", 413},
      {"POST", "/p", "Expect: 200-ok\r\nContent-Length: 5\r\n", 417},
      {"POST", "/p", "Expect: 100-continue, more\r\nContent-Length: 5\r\n", 417},
      {"POST", "/p", kExpect + "Content-Length: 5\r\nContent-Length: 5\r\n", 400},
  };
  for (const Row& row : rows) {
    CAPTURE(row.path);
    CAPTURE(row.fields);
    RawClient client(server.port());
    const RawResponse response = client.request(requestText(row.method, row.path, row.fields));
    CHECK(isRefusal(response, row.status));
    CHECK((row.status != 405 || fieldOf(response, "Allow") != ""));
    client.send(kSmuggled);  // where the body would have been
    CHECK(client.closedByServer());
  }
  CHECK(served.smuggled == 0);
  CHECK(served.dispatched == 0);
  CHECK(server.server().monitor().total(Metric::responses1xx) == 0);
}

TEST_CASE("HTTP/1.0 never gets a 100") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  client.send("POST /p HTTP/1.0\r\n" + kExpectFive + "\r\n");
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  const RawResponse response = client.request("hello");
  CHECK(response.status == 200);
  CHECK(response.body == "hello");
  CHECK(server.server().monitor().total(Metric::responses1xx) == 0);
}

TEST_CASE("chunks beyond the limit after a 100: 413") {
  ConformanceApp served;
  ServedApp server(served.app, corpusConfig());
  RawClient client(server.port());
  CHECK(client.request(requestText("POST", "/p", kExpect + "Transfer-Encoding: chunked\r\n")).status == 100);
  CHECK(isRefusal(client.request("3e9\r\n"), 413));
  CHECK(client.closedByServer());
}
