#include "h3http/health.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

#include "../memory/allocation_counter.hpp"
#include "h3http/testing.hpp"

using h3::test::Client;

TEST_CASE("live and ready, until the server is to end") {
  h3::App app;
  h3::healthEndpoints(app);
  Client client(app);
  CHECK(client.get("/livez").body == "live");
  CHECK(client.get("/readyz").body == "ready");
  CHECK(client.get("/readyz").header("Cache-Control") == "no-store");
  client.markUnready();
  CHECK(client.get("/livez").status == 200);
  const auto stopping = client.get("/readyz");
  CHECK(stopping.status == 503);
  CHECK(stopping.body == "stopping");
  CHECK(stopping.header("Cache-Control") == "no-store");
}

TEST_CASE("the program's own readiness") {
  h3::App app;
  int state = 0;
  h3::healthEndpoints(app, {.livePath = "", .readyPath = "/up", .isReady = [&state] {
                              if (state == 2) throw std::runtime_error("as intended");
                              return state == 1;
                            }});
  Client client(app);
  CHECK(client.get("/livez").status == 404);
  CHECK(client.get("/up").status == 503);
  CHECK(client.get("/up").body == "not ready");
  state = 1;
  CHECK(client.get("/up").status == 200);
  state = 2;
  CHECK(client.get("/up").status == 503);
}

TEST_CASE("warm health checks allocate nothing") {
  h3::App app;
  h3::healthEndpoints(app);
  Client client(app);
  const std::string both = "GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /readyz HTTP/1.1\r\nHost: a\r\n\r\n";
  for (int i = 0; i < 5; ++i) (void)client.exchange(both);
  const h3::test::AllocationCounter counter;
  for (int i = 0; i < 20; ++i) (void)client.exchange(both);
  CHECK(counter.count() == 0);
}
