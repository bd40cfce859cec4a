// What H3 logs in the combined format is a scenario.
#include <doctest/doctest.h>

#include <h3http/h3.hpp>
#include <h3http/testing.hpp>
#include <sstream>
#include <string>

#include "scenario/access_log.hpp"

TEST_CASE("an access log of H3 is imported without a skipped or damaged line") {
  std::string log;
  h3::App app;
  app.useFast(h3::requestId());
  h3::logger(app,
             {.sink = [&log](std::string_view line) { log += line; }, .format = h3::LogFormat::combined});
  app.get("/users/:id", [](h3::Event& event) { event.sendText(*event.getParam("id")); });
  h3::test::Client client(app);
  (void)client.get("/users/7?x=1",
                   {{"User-Agent", "agent \"x\" \xc3\xa9"}, {"Referer", "https://a.example/"}});
  (void)client.get("/users/7?x=1");
  (void)client.head("/missing");
  (void)client.exchange("GET /users/8 HTTP/1.0\r\nHost: a\r\n\r\n");
  std::istringstream text(log);
  const auto [scenario, summary] = leakgate::importAccessLog(text);
  CAPTURE(log);
  CHECK(summary.lines == 4);
  CHECK(summary.used == 4);
  CHECK(summary.damagedTails == 0);
  REQUIRE(scenario.steps.size() == 3);
  CHECK(scenario.steps[0].name == "GET /users/7?x=1");
  CHECK(scenario.steps[0].weight == 2);
  CHECK(scenario.steps[1].method == "HEAD");
  CHECK(scenario.steps[2].version == "1.0");
}
