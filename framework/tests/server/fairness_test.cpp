// worker.cpp, shared_wait.cpp and batch.cpp.
// One busy client takes no other's turn, nor that of what else runs on the worker.
#include <doctest/doctest.h>

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

/// Clients that pipeline without a pause, and read as fast as they can, until it is destroyed.
class Flood {
 public:
  Flood(std::uint16_t port, int clients, std::string_view target = "/busy") : target_(target) {
    for (int i = 0; i < clients; ++i) clients_.push_back(std::make_unique<RawClient>(port));
    for (auto& client : clients_) {
      threads_.emplace_back([this, socket = client->socket()] { sendAll(socket); });
      threads_.emplace_back([this, socket = client->socket()] { receiveAll(socket); });
    }
  }
  ~Flood() {
    stop_ = true;
    for (auto& client : clients_) ::shutdown(client->socket(), SHUT_RDWR);
    for (std::thread& thread : threads_) thread.join();
  }
  std::uint64_t receivedBytes() const { return receivedBytes_; }

 private:
  void sendAll(int socket) {
    std::string batch;
    while (batch.size() < 64 * 1024) batch += requestText("GET", target_);
    std::size_t at = 0;
    while (!stop_) {
      const ssize_t sent = ::send(socket, batch.data() + at, batch.size() - at, MSG_NOSIGNAL);
      if (sent <= 0) return;
      at = (at + static_cast<std::size_t>(sent)) % batch.size();
    }
  }
  void receiveAll(int socket) {
    std::vector<char> bytes(256 * 1024);
    while (!stop_) {
      const ssize_t got = ::recv(socket, bytes.data(), bytes.size(), 0);
      if (got <= 0) return;
      receivedBytes_ += static_cast<std::uint64_t>(got);
    }
  }

  const std::string target_;
  std::vector<std::unique_ptr<RawClient>> clients_;
  std::vector<std::thread> threads_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> receivedBytes_{0};
};

}  // namespace

// On io_uring a batch's responses go out with the next call, and posted handlers may run before that.
TEST_CASE("responses do not wait for a later handler of Asio's") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  CHECK(client.request(requestText("GET", "/")).body == "hello");
  std::promise<void> begun;
  std::promise<void> mayEnd;
  served.postToWorker([&] {
    begun.set_value();
    mayEnd.get_future().wait();
  });
  begun.get_future().wait();
  // Now the worker will first take a turn, and then run what is posted here.
  std::promise<void> responded;
  std::promise<bool> cameFirst;
  client.send(requestText("GET", "/"));
  served.postToWorker([&] {
    const auto state = responded.get_future().wait_for(std::chrono::seconds(30));
    cameFirst.set_value(state == std::future_status::ready);
  });
  mayEnd.set_value();
  CHECK(client.receiveResponse().body == "hello");
  responded.set_value();
  CHECK(cameFirst.get_future().get());
}

TEST_CASE("floods beside a quiet client, timers, deadlines and posted tasks") {
  ConformanceApp served;
  Config config = Config::testing();
  config.timeouts.headerMs = 1500;
  config.limits.pipelineDepth = 8;
  ServedApp server(served.app, config);
  RawClient quiet(server.port());
  RawClient late(server.port());
  const Flood flood(server.port(), 2);
  REQUIRE(eventually([&] { return flood.receivedBytes() > 100'000; }));
  late.send("GET / HT");
  for (int i = 0; i < 10; ++i) {
    const std::uint64_t before = flood.receivedBytes();
    CHECK(quiet.request(requestText("GET", "/")).body == "hello");
    CHECK(quiet.request(requestText("GET", "/wait/1")).body == "waited");
    CHECK(RawClient(server.port()).request(requestText("GET", "/")).body == "hello");
    std::promise<void> done;
    served.postToWorker([&] { done.set_value(); });
    CHECK(done.get_future().wait_for(std::chrono::seconds(30)) == std::future_status::ready);
    CHECK(eventually([&] { return flood.receivedBytes() > before; }));  // the flood is still on
  }
  CHECK(isRefusal(late.receiveResponse(), 408));
}

TEST_CASE("large responses without end beside a quiet client") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient quiet(server.port());
  const Flood flood(server.port(), 3, "/large");
  for (int i = 0; i < 20; ++i) {
    const std::uint64_t before = flood.receivedBytes();
    REQUIRE(eventually([&] { return flood.receivedBytes() > before; }));  // the flood is on
    CHECK(quiet.request(requestText("GET", "/")).body == "hello");
    CHECK(RawClient(server.port()).request(requestText("GET", "/")).body == "hello");
  }
}

TEST_CASE("responses of slow handlers go out one by one, although their requests came together") {
  constexpr std::chrono::milliseconds kSlow(10);  // five times as long as a batch may take
  std::atomic<bool> isHeld{false};
  std::promise<void> allSent;
  std::atomic<int> begun{0}, received{0}, heldUp{0};
  App app;
  app.get("/holds", [&](Event& event) {
    isHeld = true;
    allSent.get_future().wait();
    std::this_thread::sleep_for(kSlow);
    event.sendText("held");
  });
  app.get("/waits", [&](Event& event) {
    const int earlier = begun++;
    std::this_thread::sleep_for(kSlow);
    if (heldUp == 0 && !eventually([&] { return received == earlier; })) ++heldUp;
    event.sendText("waited");
  });
  ServedApp server(app);
  RawClient first(server.port());
  first.send(requestText("GET", "/holds"));
  REQUIRE(eventually([&] { return isHeld.load(); }));
  const auto clients = connectClients(server.port(), 8);
  std::vector<std::future<std::string>> bodies;
  for (const auto& client : clients) {
    client->send(requestText("GET", "/waits"));
    bodies.push_back(std::async(std::launch::async, [&received, reader = client.get()] {
      const std::string body = reader->receiveResponse().body;
      ++received;
      return body;
    }));
  }
  allSent.set_value();
  for (auto& body : bodies) CHECK(body.get() == "waited");
  CHECK(heldUp == 0);
}
