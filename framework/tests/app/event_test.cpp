#include "h3http/event.hpp"

#include <doctest/doctest.h>

#include <iterator>
#include <optional>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::test;

TEST_CASE("what a handler sees of a request") {
  h3::App app;
  int handled = 0;
  app.post("/users/:id/**:rest", [&](h3::Event& event) {
    ++handled;
    CHECK((event.method() == h3::Method::post));
    CHECK(event.methodText() == "POST");
    CHECK(event.target() == "/users/a%2Fb%41/x/y%20z?q=1&q=2&e=&p=a%20b+c");
    CHECK(event.path() == "/users/a%2FbA/x/y%20z");
    CHECK(event.query() == "q=1&q=2&e=&p=a%20b+c");
    CHECK(event.routePattern() == "/users/:id/**:rest");
    CHECK(event.minorVersion() == 1);
    CHECK(event.clientAddress() == "127.0.0.1");
    CHECK(event.getParam("id") == "a/bA");
    CHECK(event.getParam("rest") == "x/y z");
    CHECK(event.getParam("none") == std::nullopt);
    CHECK(event.getQuery("q") == "1");
    CHECK(event.getQuery("e") == "");
    CHECK(event.getQuery("p") == "a b c");
    CHECK(event.getQuery("none") == std::nullopt);
    CHECK(event.getHeader("host") == "test");
    CHECK(event.getHeader("X-TWICE") == "1");
    CHECK(event.getHeader("none") == std::nullopt);
    REQUIRE(event.headerCount() == 4);
    CHECK(event.headerAt(2).first == "x-twice");
    CHECK(event.headerAt(2).second == "2");
    CHECK(event.readBody() == "body!");
    event.setParam("id", "mine");
    CHECK(event.getParam("id") == "mine");
    event.sendText("done");
  });
  LocalWorker worker(app);
  const std::string head = requestText("POST", "/users/a%2Fb%41/x/y%20z?q=1&q=2&e=&p=a%20b+c",
                                       "X-Twice: 1\r\nx-twice: 2\r\nContent-Length: 5\r\n");
  CHECK(worker.run(head + "body!").responseBody() == "done");
  CHECK(handled == 1);
}

TEST_CASE("trailers: by name, apart from the fields, and none that decides about the message") {
  h3::App app;
  app.post("/", [](h3::Event& event) {
    CHECK(event.getTrailer("x-sum") == "7");
    CHECK(event.getHeader("X-Sum") == std::nullopt);
    CHECK(event.getTrailer("Authorization") == std::nullopt);
    CHECK(event.getTrailer("none") == std::nullopt);
    event.sendBytes(event.readBody(), "text/plain");
  });
  app.get("/", [](h3::Event& event) {
    CHECK(event.getTrailer("x-sum") == std::nullopt);
    event.sendText("none");
  });
  const ServedApp served(app);
  RawClient client(served.port());
  const std::string chunked = requestText("POST", "/", "Transfer-Encoding: chunked\r\n") +
                              "3\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Sum: 7\r\nAuthorization: evil\r\n\r\n";
  CHECK(client.request(chunked).body == "abcdefg");
  CHECK(client.request(requestText("GET", "/")).body == "none");
  for (const char byte : chunked) client.send({&byte, 1});
  CHECK(client.receiveResponse().body == "abcdefg");
}

TEST_CASE("all fields of a name, in order; an absent one is empty") {
  h3::App app;
  app.get("/", [](h3::Event& event) {
    std::string all;
    for (const std::string_view value : event.headers("X-List")) all.append(value).append("|");
    CHECK(all == "1, 2||3|");
    CHECK_FALSE(event.headers("x-list").empty());
    CHECK(event.headers("X-Lis").empty());
    CHECK(*event.headers("host").begin() == "test");
    static_assert(std::forward_iterator<h3::HeaderValues::Iterator>);
    event.sendText("");
  });
  LocalWorker worker(app);
  worker.run(requestText("GET", "/", "X-List: 1, 2\r\nOther: 0\r\nx-list:\r\nX-LIST: 3\r\n"));
}

TEST_CASE("host and scheme: of an absolute target, else of the Host field") {
  h3::App app;
  app.get("/", [](h3::Event& event) {
    event.sendText(std::string(event.scheme()) + " " + std::string(event.host()) + " " +
                   std::string(event.getHeader("Host").value_or("none")));
  });
  const ServedApp served(app);
  const struct {
    const char* request;
    const char* seen;
  } rows[] = {
      {"GET / HTTP/1.1\r\nHost: A.example:81\r\n\r\n", "http A.example:81 A.example:81"},
      {"GET / HTTP/1.0\r\n\r\n", "http  none"},
      {"GET http://b.example/ HTTP/1.1\r\nHost: a\r\n\r\n", "http b.example b.example"},
      {"GET HTTPS://b.example:8443/ HTTP/1.1\r\nX: y\r\nhost: a\r\n\r\n",
       "https b.example:8443 b.example:8443"},
      {"GET http://b.example/ HTTP/1.0\r\n\r\n", "http b.example none"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.request);
    CHECK(served.exchange(row.request).body == row.seen);
  }
  // The head arrives in pieces.
  RawClient client(served.port());
  client.send("GET http://b.example/ HTTP/1.1\r\nHo");
  client.send("st: a\r\n\r\n");
  CHECK(client.receiveResponse().body == "http b.example b.example");
}

TEST_CASE("cookies are found in every Cookie field") {
  h3::App app;
  app.get("/", [](h3::Event& event) {
    CHECK(event.getCookie("a") == "1");
    CHECK(event.getCookie("b") == "2");
    CHECK(event.getCookie("c") == "4");
    CHECK(event.getCookie("C") == std::nullopt);
    event.sendText(*event.getCookie("b"));
  });
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/", "Cookie: a=1; b=2\r\ncookie: b=3; c=4\r\n")).responseBody() ==
        "2");
}

TEST_CASE("a chunked body is whole and decoded; an echo of it needs no copy") {
  h3::App app;
  app.post("/echo", [](h3::Event& event) { event.sendBytes(event.readBody(), "text/plain"); });
  LocalWorker worker(app);
  const h3::Event& event = worker.run(requestText("POST", "/echo", "Transfer-Encoding: chunked\r\n") +
                                      "3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n");
  CHECK(event.responseBody() == "abcdefg");
  CHECK(event.responseBody().data() == event.readBody().data());
  CHECK(worker.monitor.total(h3::Metric::bodyBytes) == 0);
}

TEST_CASE("routes see unreserved escapes decoded, and no others") {
  h3::App app;
  app.get("/a-b", [](h3::Event&) { return "route"; });
  app.get("/x%2Fy", [](h3::Event&) { return "escaped"; });
  const ServedApp served(app);
  CHECK(served.get("/%61%2Db").body == "route");
  CHECK(served.get("/x%2Fy").body == "escaped");
  CHECK(served.get("/x/y").status == 404);
}

TEST_CASE("a handler may return its response") {
  h3::App app;
  app.get("/literal", [](h3::Event&) { return "literal"; });
  app.get("/string", [](h3::Event&) { return std::string(1000, 's'); });
  app.get("/view", [](h3::Event& event) { return event.path(); });
  app.get("/status", [](h3::Event&) { return h3::Status{204}; });
  app.get("/response", [](h3::Event&) {
    return h3::Response{418, "tea", "text/tea", {{"X-Pot", "1"}, {"X-Pot", "2"}}};
  });
  const ServedApp served(app);
  CHECK(served.get("/literal").body == "literal");
  CHECK(served.get("/string").body == std::string(1000, 's'));
  CHECK(served.get("/view").body == "/view");
  CHECK(served.get("/status").status == 204);
  const RawResponse response = served.get("/response");
  CHECK(response.status == 418);
  CHECK(response.body == "tea");
  CHECK(response.header("Content-Type") == "text/tea");
  CHECK(response.headerCount("X-Pot") == 2);
}
