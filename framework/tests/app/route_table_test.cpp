#include "h3http/route_table.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <string_view>

#include "../support/served_app.hpp"
#include "app/dispatcher.hpp"
#include "h3http/async.hpp"

using h3::App;
using h3::Event;
using h3::Method;
using h3::route;
using h3::RouteTable;
using namespace h3::test;

namespace {

std::string_view listUsers(Event&) { return "list"; }
void createUser(Event& event) { event.sendText("create"); }
h3::Status removeUser(Event&) { return {204}; }
std::string showUser(Event& event) { return "id=" + std::string(*event.getParam("id")); }
boost::asio::awaitable<std::string> later(Event&) { co_return "later"; }

constexpr RouteTable kUsers{
    route(Method::get, "/users", listUsers),
    route(Method::post, "/users", createUser),
    route(Method::get, "/users/me", [](Event&) { return "me"; }),
    route(Method::get, R"(/users/:id(\d+))", showUser),
    route(Method::del, R"(/users/:id(\d+))", removeUser),
    route(Method::get, "/users/:name",
          [](Event& event) { return "name=" + std::string(*event.getParam("name")); }),
    route(Method::get, "/users/**:rest",
          [](Event& event) { return "rest=" + std::string(*event.getParam("rest")); }),
    route(Method::head, "/users/me",
          [](Event& event) {
            event.setHeader("X-Own", "1");
            event.sendText("");
          }),
    route(Method::get, "/later", later),
};
static_assert(kUsers.size() == 9);

App oneByOne() {
  App app;
  kUsers.forEach(
      [&](Method method, std::string_view pattern, auto handler) { app.on(method, pattern, handler); });
  return app;
}

App fromTable() {
  App app;
  app.routes(kUsers);
  return app;
}

}  // namespace

TEST_CASE("a table's routes respond as routes that are added one by one") {
  App single = oneByOne();
  App table = fromTable();
  const ServedApp servedSingle(single);
  const ServedApp servedTable(table);
  struct Row {
    const char* method;
    const char* path;
    int status;
    const char* body;
  };
  const Row rows[] = {
      {"GET", "/users", 200, "list"},         {"POST", "/users", 200, "create"},
      {"PUT", "/users", 405, nullptr},        {"GET", "/users/me", 200, "me"},
      {"GET", "/users/42", 200, "id=42"},     {"DELETE", "/users/42", 204, ""},
      {"DELETE", "/users/x", 405, nullptr},   {"GET", "/users/42x", 200, "name=42x"},
      {"GET", "/users/a/b", 200, "rest=a/b"}, {"GET", "/later", 200, "later"},
      {"GET", "/none", 404, nullptr},         {"OPTIONS", "/users/me", 204, nullptr},
  };
  for (const Row& row : rows) {
    CAPTURE(row.method);
    CAPTURE(row.path);
    const RawResponse expected = servedSingle.call(row.method, row.path, "Content-Length: 0\r\n");
    const RawResponse response = servedTable.call(row.method, row.path, "Content-Length: 0\r\n");
    CHECK(response.status == row.status);
    if (row.body != nullptr) CHECK(response.body == row.body);
    CHECK(response.status == expected.status);
    CHECK(response.body == expected.body);
    CHECK(response.header("Allow") == expected.header("Allow"));
    CHECK(response.header("Content-Type") == expected.header("Content-Type"));
  }
  RawClient client(servedTable.port());
  CHECK(client.request(requestText("HEAD", "/users"), true).header("Content-Length") == "4");
  CHECK(client.request(requestText("HEAD", "/users/me"), true).header("X-Own") == "1");
}

TEST_CASE("middleware, hooks, prefixes and names in metrics apply to a table's routes") {
  App withLayer;
  withLayer.routes(RouteTable{route(Method::get, "/", listUsers)});
  withLayer.use([](Event& event, h3::Next& next) {
    next();
    event.setHeader("X-Onion", "1");
  });
  App hooked;
  hooked.mount("/api", fromTable());
  hooked.useFast([](Event& event) {
    event.setHeader("X-Fast", "1");
    return h3::FastResult::next;
  });
  hooked.onResponse([](Event& event) { event.setHeader("X-Route", event.routePattern()); });
  const ServedApp served(hooked);
  const RawResponse response = served.get("/api/users/42");
  CHECK(response.body == "id=42");
  CHECK(response.header("X-Fast") == "1");
  CHECK(response.header("X-Route") == R"(/api/users/:id(\d+))");
  CHECK(served.get("/users").status == 404);
  const ServedApp layered(withLayer);
  CHECK(layered.get("/").header("X-Onion") == "1");
}

TEST_CASE(
    "a table beside other routes: a route that is there twice is refused, and a frozen app takes none") {
  App app = fromTable();
  app.get("/users/:other", listUsers);
  CHECK_THROWS_AS(app.freeze(), std::invalid_argument);
  App frozen = fromTable();
  frozen.freeze();
  CHECK(h3::Dispatcher::of(frozen).routes().size() == kUsers.size());
  CHECK_THROWS_AS(frozen.routes(kUsers), std::logic_error);
}

TEST_CASE("an empty table is a table") {
  App app;
  app.routes(RouteTable<>{}).get("/", listUsers);
  app.freeze();
  CHECK(h3::Dispatcher::of(app).routes().size() == 1);
}
