// connection_limiter.cpp, listener.cpp and worker.cpp.
// Caps on connections: in all, per address, over all threads.
#include <doctest/doctest.h>

#include <memory>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

// Connects up to the cap, checks what one more gets, and what it gets once there is room again.
void checkCap(ServedApp& server, std::size_t cap) {
  std::vector<std::unique_ptr<RawClient>> clients;
  for (std::size_t i = 0; i < cap; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    CHECK(clients.back()->request(requestText("GET", "/")).status == 200);
  }
  for (int i = 0; i < 3; ++i) {
    RawClient oneMore(server.port());
    const bool talks = i == 2;
    if (talks) oneMore.send(kSmuggled);
    const auto responses = receiveResponses(oneMore);
    REQUIRE(responses.size() == 1);
    CHECK(isRefusal(responses[0], 503));
    CHECK((talks || !oneMore.wasReset()));
  }
  CHECK(server.server().monitor().total(Metric::connectionsRefused) == 3);
  clients.pop_back();
  CHECK(eventually([&] { return server.server().monitor().total(Metric::connectionsClosed) == 1; }));
  CHECK(server.get("/").status == 200);
  for (auto& client : clients) CHECK(client->request(requestText("GET", "/")).status == 200);
}

}  // namespace

TEST_CASE("in all") {
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.connections = 5;
  config.limits.connectionsPerAddress = 5;
  ServedApp server(served.app, config);
  checkCap(server, 5);
}

TEST_CASE("in all, over several threads") {
  ConformanceApp served;
  Config config = Config::testing();
  config.threads = 3;
  config.limits.connections = 7;
  ServedApp server(served.app, config);
  checkCap(server, 7);
}

TEST_CASE("per address") {
  ConformanceApp served;
  Config config = Config::testing();
  config.threads = 2;
  config.limits.connectionsPerAddress = 4;
  ServedApp server(served.app, config);
  checkCap(server, 4);
}

TEST_CASE("several threads share the port") {
  ConformanceApp served;
  Config config = Config::testing();
  config.threads = 4;
  ServedApp server(served.app, config);
  for (int i = 0; i < 100; ++i) {
    RawClient client(server.port());
    for (int j = 0; j < 5; ++j) CHECK(client.request(requestText("GET", "/")).body == "hello");
  }
  CHECK(served.dispatched == 500);
  CHECK(server.server().monitor().total(Metric::requests) == 500);
  CHECK(poolsAreFull(server.server().monitor()));
}
