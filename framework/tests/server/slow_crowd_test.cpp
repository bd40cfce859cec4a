// connection_deadlines.cpp, pace.hpp and worker.cpp.
// Hundreds of connections that never get done, each in its own way: all end at a deadline, and others are served meanwhile.
#include <doctest/doctest.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

constexpr std::size_t kClientsEach = 80;
constexpr std::uint32_t kDeadlineMs = 1500;
constexpr auto kDripPause = std::chrono::milliseconds(40);
constexpr int kMaxDrops = 60;  // of a field each: more would be refused by their number

Config impatientWithCrowds() {
  Config config = Config::testing();
  config.timeouts.headerMs = config.timeouts.bodyGraceMs = config.timeouts.writeMs = kDeadlineMs;
  config.timeouts.bodyBytesPerSecond = 1000;
  config.timeouts.writeBytesPerSecond = 40'000;
  config.limits.connections = config.limits.connectionsPerAddress = 10 * kClientsEach;
  return config;
}

// A client that sends a request a drop at a time, or takes its response so when there is no drop.
class SlowClient {
 public:
  SlowClient(std::uint16_t port, const std::string& first, std::string drop)
      : client_(std::make_unique<RawClient>(port, 16 * 1024)), drop_(std::move(drop)) {
    client_->send(first);
  }

  bool reads() const { return drop_.empty(); }
  bool ended() const { return ended_; }
  bool wasReset() const { return reset_; }
  std::size_t takenBytes() const { return takenBytes_; }
  RawClient& client() { return *client_; }

  void drip() {
    if (ended_) return;
    if (reads()) return take();
    char byte = 0;
    ended_ = ::recv(client_->socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 || errno != EAGAIN;
    if (!ended_ && drops_++ < kMaxDrops) client_->send(drop_);
  }

 private:
  void take() {
    char bytes[500];
    const ssize_t got = ::recv(client_->socket(), bytes, sizeof bytes, MSG_DONTWAIT);
    if (got > 0) takenBytes_ += static_cast<std::size_t>(got);
    ended_ = got == 0 || (got < 0 && errno != EAGAIN);
    reset_ = got < 0 && errno == ECONNRESET;
  }

  std::unique_ptr<RawClient> client_;
  std::string drop_;
  int drops_ = 0;
  std::size_t takenBytes_ = 0;
  bool ended_ = false;
  bool reset_ = false;
};

std::vector<SlowClient> connectSlowClients(std::uint16_t port) {
  const std::string body = requestText("POST", "/p", "Content-Length: 4000\r\n");
  const std::string chunks = requestText("POST", "/p", "Transfer-Encoding: chunked\r\n");
  std::vector<SlowClient> clients;
  for (std::size_t i = 0; i < kClientsEach; ++i) {
    clients.emplace_back(port, "GET / HTTP/1.1\r\nHost: test\r\n", "A: b\r\n");
    clients.emplace_back(port, body, "x");
    clients.emplace_back(port, chunks, "1\r\nx\r\n");
    clients.emplace_back(port, requestText("GET", "/large"), "");
  }
  return clients;
}

}  // namespace

TEST_CASE("slow heads, bodies, chunks and readers, hundreds at a time") {
  ConformanceApp served;
  ServedApp server(served.app, impatientWithCrowds());
  const Monitor& monitor = server.server().monitor();
  std::vector<SlowClient> clients = connectSlowClients(server.port());
  const auto someAreOpen = [&] {
    return std::any_of(clients.begin(), clients.end(),
                       [](const SlowClient& client) { return !client.ended(); });
  };
  const auto latest = std::chrono::steady_clock::now() + std::chrono::seconds(60);
  std::size_t turns = 0;
  for (; someAreOpen() && std::chrono::steady_clock::now() < latest; ++turns) {
    for (SlowClient& client : clients) client.drip();
    REQUIRE(server.get("/").body == "hello");
    std::this_thread::sleep_for(kDripPause);
  }
  CHECK(turns > 0);
  REQUIRE(!someAreOpen());
  for (SlowClient& slow : clients) {
    if (slow.reads()) {
      CHECK(slow.wasReset());
      CHECK(slow.takenBytes() < ConformanceApp::kLargeBytes);
      continue;
    }
    const std::vector<RawResponse> responses = receiveResponses(slow.client());
    REQUIRE(responses.size() == 1);
    CHECK(isRefusal(responses[0], 408));
  }
  CHECK(eventually([&] { return monitor.total(Metric::connectionsTimedOut) == clients.size(); }));
  CHECK(monitor.total(Metric::connectionsRefused) == 0);
  clients.clear();
  CHECK(poolsAreFull(monitor));
  CHECK(monitor.total(Metric::heldBytes) == 0);
}
