#include "app/lifecycle.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <string>

#include "h3http/server.hpp"
#include "h3http/testing.hpp"

using h3::App;
using h3::Lifecycle;

namespace {

// Registers a start and a stop hook that write their names.
void addPair(App& app, std::string& journal, const std::string& name) {
  app.onStart([&journal, name] { journal += "+" + name; });
  app.onStop([&journal, name] { journal += "-" + name; });
}

}  // namespace

TEST_CASE("start hooks run in order, stop hooks in reverse") {
  std::string journal;
  App app;
  addPair(app, journal, "a");
  addPair(app, journal, "b");
  App inner;
  addPair(inner, journal, "c");
  app.mount("/inner", std::move(inner));
  {
    const h3::test::Client client(app);
    CHECK(journal == "+a+b+c");
  }
  CHECK(journal == "+a+b+c-c-b-a");
}

TEST_CASE("a start hook that throws: what was started before it is stopped, and nothing else") {
  std::string journal;
  App app;
  addPair(app, journal, "a");
  App inner;
  addPair(inner, journal, "b");
  inner.onStart([] { throw std::runtime_error("no database"); });
  inner.onStop([&journal] { journal += "-never"; });
  app.mount("/inner", std::move(inner));
  addPair(app, journal, "d");
  CHECK_THROWS_WITH(h3::test::Client{app}, "no database");
  CHECK(journal == "+a+b-b-a");
}

TEST_CASE("a stop hook that throws keeps no other from running") {
  std::string journal;
  App app;
  addPair(app, journal, "a");
  app.onStop([] { throw std::runtime_error("as intended"); });
  app.onStop([] { throw 1; });
  { const h3::test::Client client(app); }
  CHECK(journal == "+a-a");
}

TEST_CASE("a start hook gets the loop, before the first request") {
  App app;
  int ran = 0;
  app.onStart([&ran](boost::asio::io_context& loop) { boost::asio::post(loop, [&ran] { ++ran; }); });
  app.get("/", [&ran](h3::Event& event) { event.sendText(std::to_string(ran)); });
  h3::test::Client client(app);
  CHECK(ran == 0);
  (void)client.get("/");
  CHECK(client.get("/").body == "1");
}

TEST_CASE("hang-up hooks") {
  std::string journal;
  App app;
  app.onHangup([&journal] { journal += "a"; });
  app.onHangup([] { throw std::runtime_error("as intended"); });
  app.onHangup([&journal] { journal += "b"; });
  Lifecycle::of(app).hangup();
  CHECK(journal == "ab");
}

TEST_CASE("intervals outside 1 ms to a day are refused, and all registration after freeze()") {
  App app;
  using namespace std::chrono_literals;
  CHECK_NOTHROW(app.every(1ms, [] {}));
  CHECK_NOTHROW(app.every(
      24h, [] {}, h3::EveryOn::eachWorker));
  CHECK_THROWS_AS(app.every(999us, [] {}), std::invalid_argument);
  CHECK_THROWS_AS(app.every(0s, [] {}), std::invalid_argument);
  CHECK_THROWS_AS(app.every(-1s, [] {}), std::invalid_argument);
  CHECK_THROWS_AS(app.every(86'401s, [] {}), std::invalid_argument);
  REQUIRE(Lifecycle::of(app).every.size() == 2);
  CHECK(Lifecycle::of(app).every[0].interval == 1ms);
  CHECK(Lifecycle::of(app).every[1].interval == 24h);
  app.freeze();
  CHECK_THROWS_AS(app.every(1s, [] {}), std::logic_error);
  CHECK_THROWS_AS(app.onStart([] {}), std::logic_error);
  CHECK_THROWS_AS(app.onStop([] {}), std::logic_error);
  CHECK_THROWS_AS(app.onHangup([] {}), std::logic_error);
}
