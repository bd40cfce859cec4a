// epoll_reactor.cpp, ring_reactor.cpp, ring_completions.cpp, ring.cpp and provided_buffers.cpp.
// What only a reactor that shares buffers and numbers among its sockets could get wrong.
#include <doctest/doctest.h>

#include <atomic>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

bool echoesItsNumber(RawClient& client, int number) {
  const std::string id = std::to_string(number);
  return client.request(requestText("GET", "/n/" + id)).body.starts_with(id + " ");
}

}  // namespace

// 64 times 60,000 bytes that stay unread for a while: more than all provided buffers of a worker hold.
TEST_CASE("many clients whose bytes have to wait do not keep the others from being heard") {
  ConformanceApp served;
  ServedApp server(served.app);
  const std::string body(60'000, 'b');
  const std::string requests =
      requestText("GET", "/held") + requestText("POST", "/p", "Content-Length: 60000\r\n") + body;
  std::vector<std::unique_ptr<RawClient>> staying, leaving;
  for (int i = 0; i < 64; ++i) {
    auto& list = i % 4 == 0 ? leaving : staying;
    list.push_back(std::make_unique<RawClient>(server.port()));
    list.back()->send(requests);
  }
  RawClient quiet(server.port());
  for (int i = 0; i < 50; ++i) CHECK(echoesItsNumber(quiet, i));
  REQUIRE(eventually([&] { return served.holding == 64; }));
  for (auto& client : leaving) client->close(true);
  for (std::size_t i = 0; i < leaving.size(); ++i) CHECK(server.get("/").body == "hello");
  CHECK(eventually([&] { return served.disconnected == static_cast<int>(leaving.size()); }));
  served.held = false;
  for (auto& client : staying) {
    CHECK(client->receiveResponse().body == "released");
    CHECK(client->receiveResponse().body == body);
    CHECK(client->request(requestText("GET", "/")).body == "hello");
    client->close();
  }
  CHECK(echoesItsNumber(quiet, 1));
  quiet.close();
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("responses go to the right client, however fast others come and go") {
  ConformanceApp served;
  ServedApp server(served.app);
  std::atomic<bool> stop{false};
  std::atomic<int> wrong{0}, right{0};
  std::vector<std::thread> steady;
  for (int thread = 0; thread < 2; ++thread) {
    steady.emplace_back([&, thread] {
      RawClient client(server.port());
      for (int i = thread; !stop; i += 2) ++(echoesItsNumber(client, i) ? right : wrong);
    });
  }
  const std::string request = requestText("GET", "/n/9999999");
  for (int i = 0; i < 600; ++i) {
    RawClient client(server.port());
    client.send(i % 2 == 0 ? request : request + requestText("GET", "/large"));
    if (i % 3 == 0) CHECK(client.receiveResponse().body.starts_with("9999999 "));
    client.close(i % 5 == 0);
  }
  stop = true;
  for (std::thread& thread : steady) thread.join();
  CHECK(wrong == 0);
  CHECK(right > 0);
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a half-closed client that then leaves is noticed by its deferred handler") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  client.send(requestText("GET", "/held"));
  client.finishSending();
  REQUIRE(eventually([&] { return served.holding == 1; }));
  std::this_thread::sleep_for(std::chrono::milliseconds(50));  // so that mostly the FIN alone comes first
  client.close(true);
  CHECK(eventually([&] { return served.disconnected == 1; }));
  CHECK(poolsAreFull(server.server().monitor()));
}

// Each piece takes a buffer, and with too many of them receiving ends: the FIN then comes another way.
TEST_CASE("a client that ends its side while its bytes wait gets all responses, then the end") {
  for (const int pieces : {7, 8, 9, 10, 20}) {
    CAPTURE(pieces);
    ConformanceApp served;
    ServedApp server(served.app);
    RawClient client(server.port());
    client.send(requestText("GET", "/held"));
    REQUIRE(eventually([&] { return served.holding == 1; }));
    for (int i = 0; i < pieces; ++i) {
      client.send(requestText("GET", "/n/" + std::to_string(i)));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    client.finishSending();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    served.held = false;
    CHECK(client.receiveResponse().body == "released");
    for (int i = 0; i < pieces; ++i)
      CHECK(client.receiveResponse().body.starts_with(std::to_string(i) + " "));
    CHECK(client.closedByServer());
  }
}

// Events that the kernel always adds, such as that a client has finished sending, must not be taken for room
// or an end.
TEST_CASE("a half-closed client that does not read costs nothing while it is waited for") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port(), 16 * 1024);
  client.send(requestText("GET", "/large"));
  client.finishSending();
  REQUIRE(eventually([&] { return server.server().monitor().total(Metric::bytesSent) > 100'000; }));
  const std::clock_t before = std::clock();  // of the process: the worker is all that could be busy
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  CHECK(std::clock() - before < CLOCKS_PER_SEC / 5);
  CHECK(client.receiveResponse().body.size() == ConformanceApp::kLargeBytes);
  CHECK(client.closedByServer());
}

// The body goes to and fro through buffers, the socket itself, and large sends in turn.
TEST_CASE("bytes keep their order through every way of receiving and sending") {
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.bodyBytes = 4 * 1024 * 1024;
  ServedApp server(served.app, config);
  RawClient client(server.port());
  for (const std::size_t size : {100U, 4096U, 16'384U, 16'385U, 70'000U, 3'000'000U, 5U, 1'000'000U}) {
    CAPTURE(size);
    std::string body(size, '\0');
    for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>((i * 2654435761U) >> 13);
    const std::string head = requestText("POST", "/p", "Content-Length: " + std::to_string(size) + "\r\n");
    std::thread sender([&] { client.send(head + body); });
    const bool same = client.receiveResponse().body == body;
    sender.join();
    CHECK(same);
  }
}
