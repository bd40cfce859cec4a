// worker.cpp and connection.cpp.
// When the system has no more memory for a worker.
#include "memory_shortage.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <memory>
#include <string_view>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

// Of the worker's thread.
void setShortage(ConformanceApp& served, bool on) {
  std::promise<void> done;
  served.postToWorker([&] {
    setMemoryShort(on);
    done.set_value();
  });
  REQUIRE(done.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
}

}  // namespace

TEST_CASE("connections that need more memory than there is get closed, and the others are served") {
  constexpr std::string_view kBegin = "GET / HTTP/1.1\r\n";
  ConformanceApp served;
  Config config = Config::testing();
  config.memory.strategy = AllocationStrategy::minimal;
  ServedApp server(served.app, config);
  const Monitor& monitor = server.server().monitor();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 12; ++i) {
    clients.push_back(std::make_unique<RawClient>(server.port()));
    CHECK(clients.back()->request(requestText("GET", "/")).body == "hello");
  }

  setShortage(served, true);
  const std::uint64_t receivedBefore = monitor.total(Metric::bytesReceived);
  for (auto& client : clients) client->send(kBegin);  // each of them takes a buffer
  CHECK(eventually([&] {
    const std::uint64_t begun = (monitor.total(Metric::bytesReceived) - receivedBefore) / kBegin.size();
    return begun + monitor.total(Metric::connectionsClosed) == clients.size();
  }));
  setShortage(served, false);

  const std::uint64_t closed = monitor.total(Metric::connectionsClosed);
  CHECK(closed > 0);
  std::size_t responses = 0;
  for (auto& client : clients) {
    client->send("Host: a\r\n\r\n");
    if (client->closedByServer()) continue;
    ++responses;
    CHECK(client->receiveResponse().body == "hello");
  }
  CHECK(responses > 0);
  CHECK(responses + closed == clients.size());
  CHECK(RawClient(server.port()).request(requestText("GET", "/")).body == "hello");
}
