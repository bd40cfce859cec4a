// http1_streams.cpp and event_stream_operations.cpp.
// Responses that handlers write piece by piece, on real sockets.
#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <utility>

#include "conformance_app.hpp"
#include "stream_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

// Of a chunked response, strictly: an error for anything else.
std::string dechunked(std::string_view text) {
  std::string body;
  for (;;) {
    const std::size_t lineEnd = text.find("\r\n");
    if (lineEnd == std::string_view::npos) throw std::runtime_error("no chunk size");
    const std::size_t bytes = std::stoul(std::string(text.substr(0, lineEnd)), nullptr, 16);
    text.remove_prefix(lineEnd + 2);
    if (text.size() < bytes + 2 || text.substr(bytes, 2) != "\r\n") throw std::runtime_error("no chunk end");
    if (bytes == 0) return body;
    body.append(text.substr(0, bytes));
    text.remove_prefix(bytes + 2);
  }
}

}  // namespace

TEST_CASE("a response piece by piece: chunked, or to HTTP/1.0 until the end") {
  StreamApp served;
  ServedApp server(served.app);
  for (const auto& [bytes, count] : {std::pair{1, 1}, {10, 1000}, {9'000, 10}, {100'000, 30}}) {
    CAPTURE(bytes);
    const std::string path = "/parts/" + std::to_string(bytes) + "/" + std::to_string(count);
    std::string expected;
    for (int i = 0; i < count; ++i) expected += pattern(static_cast<std::size_t>(bytes));
    const RawResponse response = server.get(path, "Connection: close\r\n");
    CHECK(response.header("Transfer-Encoding") == "chunked");
    CHECK_FALSE(response.header("Content-Length"));
    CHECK(dechunked(response.body) == expected);
    const RawResponse old = server.exchange("GET " + path + " HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(old.header("Connection") == "close");
    CHECK_FALSE(old.header("Transfer-Encoding"));
    CHECK(old.body == expected);
  }
  CHECK(dechunked(server.get("/parts/1/0", "Connection: close\r\n").body).empty());
  CHECK(dechunked(server.get("/produced", "Connection: close\r\n").body) ==
        std::string(40'000, 'c') + std::string(40'000, 'b') + std::string(40'000, 'a'));
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("an announced length is a Content-Length, and a response that misses it is cut") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  const RawResponse response = client.request(requestText("GET", "/announced/100"));
  CHECK(response.header("Content-Length") == "100");
  CHECK(response.body == pattern(100));
  for (const char* const given : {"0", "99"}) {
    RawClient cut(server.port());
    cut.send(requestText("GET", std::string("/announced/") + given));
    CHECK_THROWS_AS(cut.receiveResponse(), std::runtime_error);
  }
  RawClient beyond(server.port());
  CHECK(beyond.request(requestText("GET", "/announced/101")).status == 500);
  CHECK(server.server().monitor().total(Metric::bodiesCut) == 2);
}

TEST_CASE("to HEAD a handler ends with its first write") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  for (const char* const path : {"/parts/10/1000000", "/announced/100", "/produced"}) {
    const RawResponse response = client.request(requestText("HEAD", path), true);
    CHECK(response.status == 200);
    CHECK_FALSE(response.header("Transfer-Encoding"));
  }
  CHECK(client.request(requestText("GET", "/")).body == "hello");
}

TEST_CASE("an exception before the first byte is an ordinary error, one after it cuts the response") {
  StreamApp served;
  ServedApp server(served.app);
  CHECK(server.get("/fails/start").status == 418);
  CHECK(server.get("/unstarted").status == 500);
  RawClient client(server.port());
  client.send(requestText("GET", "/fails/write"));
  const std::string all = client.receiveAll();
  CHECK(all.starts_with("HTTP/1.1 200"));
  CHECK(all.find("5\r\nbegun") != std::string::npos);
  CHECK_FALSE(all.ends_with("0\r\n\r\n"));
}

TEST_CASE("a client that does not take a response slows its handler down, and ends it by leaving") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port(), 4096);
  client.send(requestText("GET", "/parts/65536/10000"));
  REQUIRE(eventually([&] { return served.pieces > 0; }));
  // The kernel takes a few megabytes of the 625.
  CHECK(server.get("/").body == "hello");
  CHECK(served.pieces < 1000);
  client.close(/*reset=*/true);
  CHECK(eventually([&] { return served.aborted == 1; }));
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("an echo reads and writes at the same time") {
  StreamApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  const std::string body = pattern(100'000);
  client.send(requestText("POST", "/echo", "Content-Length: 100000\r\nConnection: close\r\n") + body);
  const RawResponse response = client.receiveResponse();
  CHECK(dechunked(response.body) == body);
}
