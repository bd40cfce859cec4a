// request_reader.cpp, http1_session.cpp and dispatcher.cpp.
// Each bad request gets its status, Connection: close, and nothing after it.
#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

std::string describe(const std::vector<RawResponse>& responses) {
  std::string text;
  for (const RawResponse& response : responses)
    text += std::to_string(response.status) + " " + response.body + "; ";
  return text;
}

}  // namespace

TEST_CASE("every bad request, with a smuggled one behind it: one refusal, then the end") {
  ConformanceApp served;
  ServedApp server(served.app, corpusConfig());
  for (const BadRequest& request : badRequests()) {
    CAPTURE(request.name);
    RawClient client(server.port());
    client.send(request.bytes + kSmuggled);
    const std::vector<RawResponse> responses = receiveResponses(client);
    CAPTURE(describe(responses));
    REQUIRE(responses.size() == 1);
    CHECK(isRefusal(responses[0], request.status));
    CHECK(!client.wasReset());
  }
  CHECK(served.smuggled == 0);
  CHECK(served.dispatched == 0);
  CHECK(server.server().monitor().total(Metric::requestsRefused) == badRequests().size());
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a bad request after a good one: the good response first, then the refusal, then the end") {
  ConformanceApp served;
  ServedApp server(served.app, corpusConfig());
  for (const BadRequest& request : badRequests()) {
    CAPTURE(request.name);
    RawClient client(server.port());
    client.send(requestText("GET", "/n/1") + request.bytes + kSmuggled);
    const std::vector<RawResponse> responses = receiveResponses(client);
    CAPTURE(describe(responses));
    REQUIRE(responses.size() == 2);
    CHECK(responses[0].status == 200);
    CHECK(isRefusal(responses[1], request.status));
  }
  CHECK(served.smuggled == 0);
  CHECK(served.dispatched == static_cast<int>(badRequests().size()));
}

TEST_CASE("every good request byte by byte gets the same response as in one piece") {
  ConformanceApp served;
  ServedApp server(served.app, corpusConfig());
  for (const GoodRequest& request : goodRequests()) {
    CAPTURE(request.name);
    const bool toHead = request.method == "HEAD";
    RawClient whole(server.port());
    const RawResponse expected = whole.request(request.bytes, toHead);
    CHECK(expected.status < 500);
    CHECK(expected.status != 400);
    CHECK((fieldOf(expected, "Connection") == "close") == !request.keepAlive);
    if (request.path == "/p") CHECK(expected.body == request.body);
    RawClient byByte(server.port());
    for (const char byte : request.bytes) byByte.send(std::string_view(&byte, 1));
    RawResponse got = byByte.receiveResponse(toHead);
    while (got.status == 100) got = byByte.receiveResponse(toHead);
    CHECK(got.status == expected.status);
    CHECK(got.body == expected.body);
  }
  CHECK(served.smuggled == 0);
}

TEST_CASE("methods: not on this path 405 with Allow, TRACE too; unknown 501; OPTIONS of the server 204") {
  ConformanceApp served;
  ServedApp server(served.app);
  const RawResponse post = server.call("POST", "/");
  CHECK(post.status == 405);
  CHECK(fieldOf(post, "Allow").find("GET") != std::string::npos);
  CHECK(fieldOf(post, "Connection") == "");
  const RawResponse trace = server.call("TRACE", "/");
  CHECK(trace.status == 405);
  CHECK(trace.headerCount("Allow") == 1);
  CHECK(trace.body.find("Host") == std::string::npos);
  CHECK(server.call("TRACE", "/nowhere").status == 405);
  CHECK(server.call("GET", "/nowhere").status == 404);
  CHECK(server.call("OPTIONS", "*").status == 204);
  CHECK(isRefusal(server.call("BREW", "/"), 501));
  CHECK(isRefusal(server.call("CONNECT", "test:80"), 501));
}

TEST_CASE("methods by name: served with their bodies; 405 on another path, 501 when no route has them") {
  App app;
  app.on("QUERY", "/search", [](Event& event) { return std::string(event.readBody()); });
  app.on("PROPFIND", "/files", [](Event&) { return Status{207}; });
  app.get("/files", [](Event&) { return "files"; });
  Config config = Config::testing();
  config.routeCache.entries = 16;  // which must not mix methods up
  ServedApp server(app, config);
  RawClient client(server.port());
  for (int i = 0; i < 3; ++i) {
    CHECK(client.request(requestText("QUERY", "/search", "Content-Length: 3\r\n") + "a=b").body == "a=b");
    CHECK(client.request(requestText("PROPFIND", "/files")).status == 207);
    CHECK(client.request(requestText("GET", "/files")).body == "files");
    const RawResponse query = client.request(requestText("QUERY", "/files"));
    CHECK(query.status == 405);
    CHECK(fieldOf(query, "Allow") == "GET, HEAD, OPTIONS, PROPFIND");
    const RawResponse get = client.request(requestText("GET", "/search"));
    CHECK(get.status == 405);
    CHECK(fieldOf(get, "Allow") == "OPTIONS, QUERY");
    CHECK(client.request(requestText("QUERY", "/none")).status == 404);
  }
  for (const char* method : {"LOCK", "query", "BREW"}) CHECK(isRefusal(server.call(method, "/search"), 501));
}

TEST_CASE(
    "a body with a content coding: 415, unless its route decodes it; before the body is sent, if the client waits") {
  App app;
  std::atomic<int> handled{0};
  const auto handler = [&handled](Event& event) {
    ++handled;
    event.sendBytes(event.readBody(), "text/plain");
  };
  app.post("/plain", handler);
  app.get("/plain", handler);
  app.post("/coded", handler).acceptCodedBodies();
  ServedApp server(app);
  RawClient client(server.port());
  const auto post = [&](std::string_view path, const std::string& fields) {
    return client.request(requestText("POST", path, fields + "Content-Length: 3\r\n") + "abc");
  };
  for (const char* coding : {"gzip", "br", "identity, x", "xyz"}) {
    CAPTURE(coding);
    const std::string field = "Content-Encoding: " + std::string(coding) + "\r\n";
    const RawResponse refused = post("/plain", field);
    CHECK(refused.status == 415);
    CHECK(fieldOf(refused, "Accept-Encoding") == "identity");
    CHECK(fieldOf(refused, "Connection") == "");
    CHECK(post("/coded", field).body == "abc");
  }
  CHECK(handled == 4);
  for (const char* coding : {"", "identity", "Identity, identity", ","})
    CHECK(post("/plain", "Content-Encoding: " + std::string(coding) + "\r\n").body == "abc");
  CHECK(client.request(requestText("GET", "/plain", "Content-Encoding: gzip\r\n")).status == 200);  // no body
  CHECK(client.request(requestText("POST", "/none", "Content-Encoding: gzip\r\nContent-Length: 1\r\n") + "x")
            .status == 404);
  const RawResponse early = client.request(requestText(
      "POST", "/plain", "Content-Encoding: gzip\r\nExpect: 100-continue\r\nContent-Length: 3\r\n"));
  CHECK(isRefusal(early, 415));
  CHECK(fieldOf(early, "Accept-Encoding") == "identity");
}

TEST_CASE("the refusal reaches a client that sends its large body before it reads") {
  ConformanceApp served;
  ServedApp server(served.app);
  const std::string body(8 * 1024 * 1024, 'b');
  for (const std::string fields : {"Content-Length: 8388608\r\n", "Transfer-Encoding: chunked\r\n"}) {
    CAPTURE(fields);
    RawClient client(server.port());
    std::string sent = requestText("POST", "/p", fields);
    sent.append(fields[0] == 'T' ? "800000\r\n" : "").append(body).append(kSmuggled);
    client.send(sent);
    CHECK(!client.wasReset());
    const std::vector<RawResponse> responses = receiveResponses(client);
    CHECK(!client.wasReset());
    REQUIRE(responses.size() == 1);
    CHECK(isRefusal(responses[0], 413));
  }
  CHECK(served.dispatched == 0);
}

TEST_CASE("the default limits, on both sides") {
  ConformanceApp served;
  ServedApp server(served.app);
  const auto status = [&](const std::string& bytes) { return server.exchange(bytes).status; };
  const auto fields = [](std::size_t bytes) {
    const std::string first = "Host: test\r\nA: ";
    return "GET / HTTP/1.1\r\n" + first + std::string(bytes - first.size() - 2, 'x') + "\r\n\r\n";
  };
  const auto count = [](int lines) {
    std::string text;
    for (int i = 1; i < lines; ++i) text += "A: b\r\n";
    return requestText("GET", "/", text);
  };
  CHECK(status(requestText("GET", "/" + std::string(8191, 'x'))) == 404);
  CHECK(status(requestText("GET", "/" + std::string(8192, 'x'))) == 414);
  CHECK(status(fields(16 * 1024)) == 200);
  CHECK(status(fields(16 * 1024 + 1)) == 431);
  CHECK(status(count(100)) == 200);
  CHECK(status(count(101)) == 431);
  const std::string mebibyte(1024 * 1024, 'x');
  CHECK(status(requestText("POST", "/p", "Content-Length: 1048576\r\n") + mebibyte) == 200);
  CHECK(status(requestText("POST", "/p", "Content-Length: 1048577\r\n")) == 413);
  const std::string chunked = requestText("POST", "/p", "Transfer-Encoding: chunked\r\n");
  const RawResponse most = server.exchange(chunked + "80000\r\n" + mebibyte.substr(0, 0x80000) +
                                           "\r\n80000\r\n" + mebibyte.substr(0x80000) + "\r\n0\r\n\r\n");
  CHECK(most.status == 200);
  CHECK(most.body == mebibyte);
  CHECK(status(chunked + "100000\r\n" + mebibyte + "\r\n1\r\n") == 413);
}
