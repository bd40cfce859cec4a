// worker.cpp, memory_budget.hpp and connection.cpp.
// Clients that do not take their responses: what they hold is bounded.
#include <doctest/doctest.h>

#include <string>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

constexpr std::size_t kMiB = 1024 * 1024;

// Not one of them reads.
std::vector<std::unique_ptr<RawClient>> askAndWait(std::uint16_t port, std::size_t count,
                                                   std::string_view target) {
  std::vector<std::unique_ptr<RawClient>> clients;
  while (clients.size() < count) {
    clients.push_back(std::make_unique<RawClient>(port, 16 * 1024));
    clients.back()->send(requestText("GET", target));
  }
  return clients;
}

}  // namespace

TEST_CASE("beyond the budget slow clients are reset until the rest fits, and others are served") {
  constexpr std::size_t kClients = 8;
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.heldBytes = 20 * kMiB;
  config.timeouts.writeMs = 600'000;  // the budget is to end them, also where the test is slow
  ServedApp server(served.app, config);
  const Monitor& monitor = server.server().monitor();
  auto clients = askAndWait(server.port(), kClients, "/filled/6000000");
  // Three responses fit.
  REQUIRE(eventually([&] { return monitor.total(Metric::connectionsShed) == kClients - 3; }));
  CHECK(server.get("/").body == "hello");
  waitUntilPublished();
  CHECK(monitor.total(Metric::heldBytes) > 6'000'000);
  CHECK(monitor.total(Metric::heldBytes) <= 20 * kMiB);
  std::size_t whole = 0;
  std::size_t reset = 0;
  for (auto& client : clients) {
    const std::string all = client->receiveUntil(6'000'000);
    whole += all.size() > 6'000'000;
    reset += client->wasReset();
    client->close();
  }
  CHECK(whole == 3);
  CHECK(reset == kClients - 3);
  CHECK(monitor.total(Metric::connectionsTimedOut) == 0);
  CHECK(poolsAreFull(monitor));
  CHECK(monitor.total(Metric::heldBytes) == 0);
}
