#include <doctest/doctest.h>

#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "../support/local_worker.hpp"
#include "../support/served_app.hpp"

using h3::App;
using h3::Event;
using namespace h3::test;

namespace {

auto text(const char* body) {
  return [body](Event&) { return body; };
}

}  // namespace

TEST_CASE("each method has its own handler; a known path with another method lists the allowed ones") {
  App app;
  app.get("/x", text("get"));
  app.post("/x", text("post"));
  app.put("/x", text("put"));
  app.patch("/x", text("patch"));
  app.del("/x", text("delete"));
  app.options("/x", text("options"));
  app.on(h3::Method::post, "/only-post", text("post"));
  const ServedApp served(app);
  const std::string methods[][2] = {{"GET", "get"},     {"POST", "post"},     {"PUT", "put"},
                                    {"PATCH", "patch"}, {"DELETE", "delete"}, {"OPTIONS", "options"}};
  for (const auto& row : methods) {
    const std::string& method = row[0];
    CAPTURE(method);
    CHECK(served.call(method, "/x", "Content-Length: 0\r\n").body == row[1]);
  }
  const RawResponse refused = served.get("/only-post");
  CHECK(refused.status == 405);
  CHECK(refused.header("Allow") == "POST, OPTIONS");
  CHECK(served.call("TRACE", "/x").status == 405);
  CHECK(served.call("OPTIONS", "*").status == 204);
}

TEST_CASE("OPTIONS of a path with routes lists its methods, unless a route or a middleware has it") {
  App app;
  app.get("/notes/:id?", text("get"));
  app.del("/notes/:id", text("delete"));
  app.on("PURGE", "/notes/:id", text("purge"));
  app.options("/own", text("own"));
  app.useFast({.prefix = "/closed", .methods = {}}, [](Event& event) {
    event.sendNothing(403);
    return h3::FastResult::stop;
  });
  app.get("/closed", text("get"));
  const ServedApp served(app);
  const RawResponse one = served.call("OPTIONS", "/notes/7");
  CHECK(one.status == 204);
  CHECK(one.header("Allow") == "GET, HEAD, DELETE, OPTIONS, PURGE");
  CHECK(served.call("OPTIONS", "/notes").header("Allow") == "GET, HEAD, OPTIONS");
  CHECK(served.call("OPTIONS", "/own").body == "own");
  CHECK(served.call("OPTIONS", "/closed").status == 403);
  CHECK(served.call("OPTIONS", "/none").status == 404);
}

TEST_CASE("what a route says of itself: for middleware and handlers by key, for documents as a whole") {
  App inner;
  inner.get("/:id", [](Event& event) { return std::string(event.routeMeta("role").value_or("none")); })
      .summary("One user")
      .tag("users")
      .meta("role", "guest")
      .meta("role", "admin")
      .response(404, "no such user");
  inner.get("/plain", [](Event& event) { return std::string(event.routeMeta("role").value_or("none")); });
  App app;
  app.useFast([](Event& event) {
    event.setHeader("X-Role", event.routeMeta("role").value_or("none"));
    return h3::FastResult::next;
  });
  app.mount("/users", std::move(inner));
  CHECK_THROWS_AS(app.get("/bad", text("")).response(99, ""), std::invalid_argument);
  const std::vector<h3::RouteInfo> infos = app.routeInfos();
  REQUIRE(infos.size() == 3);
  CHECK(infos[0].method == "GET");
  CHECK(infos[0].pattern == "/users/:id");
  CHECK(infos[0].summary == "One user");
  CHECK(infos[0].tags == std::vector<std::string>{"users"});
  CHECK(infos[0].value("role") == "admin");
  CHECK(infos[0].responses.at(0).status == 404);
  CHECK(infos[1].summary.empty());
  const ServedApp served(app);
  const RawResponse one = served.get("/users/7");
  CHECK(one.body == "admin");
  CHECK(one.header("X-Role") == "admin");
  CHECK(served.get("/users/plain").body == "none");
  CHECK(served.get("/none").header("X-Role") == "none");
}

TEST_CASE("HEAD runs GET's handler and sends its fields only, unless it has its own handler") {
  App app;
  app.get("/x", text("12345"));
  app.get("/own", text("get"));
  app.head("/own", [](Event& event) {
    event.setHeader("X-Own", "1");
    event.sendText("");
  });
  const ServedApp served(app);
  RawClient client(served.port());
  const RawResponse head = client.request(requestText("HEAD", "/x"), true);
  CHECK(head.status == 200);
  CHECK(head.header("Content-Length") == "5");
  CHECK(client.request(requestText("GET", "/x")).body == "12345");  // nothing of HEAD's body is in the way
  CHECK(client.request(requestText("HEAD", "/own"), true).header("X-Own") == "1");
  CHECK(client.request(requestText("HEAD", "/missing"), true).status == 404);
  CHECK(client.request(requestText("GET", "/own")).body == "get");
}

TEST_CASE("all() serves every method") {
  App app;
  app.all("/x", [](Event& event) { return event.methodText(); });
  const ServedApp served(app);
  for (const std::string method : {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    CAPTURE(method);
    CHECK(served.call(method, "/x", "Content-Length: 0\r\n").body == method);
  }
  CHECK(served.call("HEAD", "/x").status == 200);
}

TEST_CASE("a mounted app keeps its routes and middleware below its prefix, its hooks count everywhere") {
  std::string journal;
  const auto layer = [&journal](const char* name) {
    return [&journal, name](Event&, h3::Next& next) {
      journal += name;
      next();
    };
  };
  App users;
  users.use(layer("U"));
  users.use({.prefix = "/deep", .methods = {}}, layer("D"));
  users.onRequest([&](Event&) { journal += "h"; });
  users.get("/", text("list"));
  users.get("/deep/x", text("deep"));
  users.get("/:id", [](Event& event) { return std::string(event.getParam("id").value_or("?")); });
  App api;
  api.use(layer("A"));
  api.mount("/users", std::move(users));
  App app;
  app.use(layer("R"));
  app.get("/", text("root"));
  app.mount("/api", std::move(api));
  LocalWorker worker(app);
  const struct {
    std::string target;
    const char* body;
    const char* journal;
  } cases[] = {
      {"/", "root", "hR"},
      {"/api/users", "list", "hRAU"},
      {"/api/users/7", "7", "hRAU"},
      {"/api/users/deep/x", "deep", "hRAUD"},
      {"/users/7", "Not Found", "hR"},
      {"/api/other", "Not Found", "hRA"},
  };
  for (const auto& sent : cases) {
    CAPTURE(sent.target);
    journal.clear();
    CHECK(worker.run(requestText("GET", sent.target)).responseBody() == sent.body);
    CHECK(journal == sent.journal);
  }
}

TEST_CASE("mounting at the root merges two apps") {
  App inner;
  inner.get("/", text("inner"));
  App app;
  app.mount("", std::move(inner));
  LocalWorker worker(app);
  CHECK(worker.run(requestText("GET", "/")).responseBody() == "inner");
}

TEST_CASE("a frozen app takes nothing more") {
  App app;
  h3::RouteHandle route = app.get("/x", text("x"));
  CHECK_FALSE(app.frozen());
  app.freeze();
  CHECK(app.frozen());
  CHECK_NOTHROW(app.freeze());
  CHECK_THROWS_AS(app.get("/y", text("y")), std::logic_error);
  CHECK_THROWS_AS(app.use([](Event&, h3::Next&) {}), std::logic_error);
  CHECK_THROWS_AS(app.useFast([](Event&) { return h3::FastResult::next; }), std::logic_error);
  CHECK_THROWS_AS(app.onRequest([](Event&) {}), std::logic_error);
  CHECK_THROWS_AS(app.onResponse([](Event&) {}), std::logic_error);
  CHECK_THROWS_AS(app.onError([](Event&, const h3::HttpError&, const std::exception_ptr&) {}),
                  std::logic_error);
  CHECK_THROWS_AS(route.use([](Event&, h3::Next&) {}), std::logic_error);
  CHECK_THROWS_AS(route.useFast([](Event&) { return h3::FastResult::next; }), std::logic_error);
  CHECK_THROWS_AS(app.mount("/z", App()), std::logic_error);
  App outer;
  CHECK_THROWS_AS(outer.mount("/z", std::move(app)), std::logic_error);
}

TEST_CASE("a method by its name, of a mounted app, with middleware of its own") {
  App inner;
  inner.on("PROPFIND", "/", text("propfind")).useFast([](Event& event) {
    event.setHeader("X-Fast", event.methodText());
    return h3::FastResult::next;
  });
  App app;
  app.on("GET", "/x", text("get"));
  app.mount("/dav", std::move(inner));
  LocalWorker worker(app);
  Event& event = worker.run(requestText("PROPFIND", "/dav"));
  CHECK(event.responseBody() == "propfind");
  CHECK(event.responseHeader("X-Fast") == "PROPFIND");
  CHECK((event.method() == h3::Method::other));
  CHECK(event.routePattern() == "/dav");
  CHECK(worker.run(requestText("GET", "/x")).responseBody() == "get");
}

TEST_CASE("wrong and duplicate routes are reported") {
  App app;
  CHECK_THROWS_AS(app.on(h3::Method::trace, "/x", text("")), std::invalid_argument);
  CHECK_THROWS_AS(app.on(h3::Method::connect, "/x", text("")), std::invalid_argument);
  CHECK_THROWS_AS(app.on(h3::Method::other, "/x", text("")), std::invalid_argument);
  for (const char* method : {"", "PROP FIND", "PROPFIND\r\n", "get", "Post", "TRACE", "connect",
                             "A-METHOD-OF-MORE-THAN-THIRTY-TWO-BYTES"}) {
    CAPTURE(method);
    CHECK_THROWS_AS(app.on(method, "/x", text("")), std::invalid_argument);
  }
  CHECK_THROWS_WITH_AS(app.on("get", "/x", text("")),
                       "route \"/x\": method \"get\": methods are case-sensitive, expected \"GET\"",
                       std::invalid_argument);
  app.get("no-slash", text(""));
  CHECK_THROWS_AS(app.freeze(), std::invalid_argument);
  CHECK_FALSE(app.frozen());
  App twice;
  twice.get("/:a", text(""));
  twice.get("/:b", text(""));
  CHECK_THROWS_AS(twice.freeze(), std::invalid_argument);
}

TEST_CASE("routes are found the same with and without a route cache") {
  for (const std::size_t entries : {0, 2, 100}) {
    CAPTURE(entries);
    App app;
    app.get("/users/:id", [](Event& event) { return std::string(event.getParam("id").value_or("?")); });
    app.get("/users/me", text("literal"));
    h3::Config config = h3::Config::testing();
    config.routeCache.entries = entries;
    config.routeCache.warmUp = {"/users/me", "/users/0"};
    LocalWorker worker(app, config);
    for (int i = 0; i < 20; ++i) {
      const std::string id = std::to_string(i % 5);
      CHECK(worker.run(requestText("GET", "/users/" + id)).responseBody() == id);
      CHECK(worker.run(requestText("GET", "/users/me")).responseBody() == "literal");
      CHECK(worker.run(requestText("POST", "/users/me")).status() == 405);
      CHECK(worker.run(requestText("GET", "/missing/" + std::to_string(i))).status() == 404);
    }
  }
}
