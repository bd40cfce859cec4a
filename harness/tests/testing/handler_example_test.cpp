// A unit test as a user of H3 writes it: which handlers keep memory, and how much a request allocates.
#include <doctest/doctest.h>

#include <h3http/blocking.hpp>
#include <h3http/testing.hpp>
#include <leakgate/testing.hpp>
#include <string>
#include <vector>

using leakgate::testing::GrowthError;
using leakgate::testing::Measurement;

namespace {

struct Visits {
  std::vector<std::string> names;  // grows with each visit

  void add(std::string_view name) { names.emplace_back(name); }
};

void addRoutes(h3::App& app, Visits& visits) {
  app.get("/users/:id", [](h3::Event& event) {
    event.setContext("user", *event.getParam("id"));
    event.sendJson({{"user", *event.getContext("user")}});
  });
  app.get("/visits/:name", [&visits](h3::Event& event) {
    visits.add(*event.getParam("name"));
    event.sendText("welcome");
  });
}

}  // namespace

TEST_CASE("a handler that keeps nothing") {
  Visits visits;
  h3::App app;
  addRoutes(app, visits);
  h3::test::Client client(app);
  leakgate::testing::requireNoGrowth([&] { CHECK(client.get("/users/7").status == 200); });
}

TEST_CASE("a handler that works on the pool keeps nothing") {
  h3::App app;
  app.get("/length/:name", [](h3::Event& event) -> boost::asio::awaitable<std::string> {
    const std::string name(*event.getParam("name"));
    co_return std::to_string(co_await h3::blocking(event, [&name] { return name.size(); }));
  });
  h3::test::Client client(app);
  leakgate::testing::requireNoGrowth([&] { CHECK(client.get("/length/anna").body == "4"); });
}

TEST_CASE("a handler that keeps something of each request is found, with the line") {
  Visits visits;
  h3::App app;
  addRoutes(app, visits);
  h3::test::Client client(app);
  std::string found;
  try {
    leakgate::testing::requireNoGrowth(
        [&] { (void)client.get("/visits/a-name-that-is-longer-than-a-small-string"); });
  } catch (const GrowthError& growth) {
    found = growth.what();
  }
  CAPTURE(found);
  CHECK(found.find("Visits::add") != std::string::npos);
}

TEST_CASE("a warm request allocates nothing: exchange() takes and gives bytes, without strings of its own") {
  if (!leakgate::testing::available()) return;
  Visits visits;
  h3::App app;
  addRoutes(app, visits);
  h3::test::Client client(app);
  const std::string request = "GET /users/7 HTTP/1.1\r\nHost: test\r\n\r\n";
  const Measurement measured = leakgate::testing::measure([&] { (void)client.exchange(request); });
  CHECK(measured.allocationsPerIteration == 0);
  CHECK_FALSE(measured.grows());
}
