#include <doctest/doctest.h>

#include <optional>
#include <string>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using namespace h3::tests;

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
