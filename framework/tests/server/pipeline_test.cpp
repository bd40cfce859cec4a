// http1_session.cpp, response_queue.hpp and batch.cpp.
// Several requests on the wire at once: responses in order, and never more held than the caps allow.
#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

std::string manyRequests(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += requestText("GET", "/n/" + std::to_string(i));
  return text;
}

// What arrives meanwhile is served together.
void holdWorker(ConformanceApp& served) {
  served.postToWorker([] { std::this_thread::sleep_for(std::chrono::milliseconds(100)); });
}

// How many responses came in order, from 0 on.
int receiveInOrder(RawClient& client, int count) {
  for (int i = 0; i < count; ++i) {
    const RawResponse response = client.receiveResponse();
    if (response.status != 200 || !response.body.starts_with(std::to_string(i) + " ")) return i;
  }
  return count;
}

}  // namespace

TEST_CASE("responses come in order, whatever the depth") {
  for (const std::size_t depth : {1U, 2U, 64U, 1024U}) {
    CAPTURE(depth);
    ConformanceApp served;
    Config config = Config::testing();
    config.limits.pipelineDepth = depth;
    ServedApp server(served.app, config);
    RawClient client(server.port());
    client.send(manyRequests(300));
    CHECK(receiveInOrder(client, 300) == 300);
    CHECK(served.dispatched == 300);
  }
}

TEST_CASE("requests behind a late response need no new event") {
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.pipelineDepth = 1;  // many rounds for few bytes, all of them received with the first request
  ServedApp server(served.app, config);
  RawClient client(server.port());
  client.send(requestText("GET", "/wait/20") + manyRequests(100));
  CHECK(client.receiveResponse().body == "waited");
  CHECK(receiveInOrder(client, 100) == 100);
}

// More than the worker's lists have room for at the start, all of them ready at the same time, twice.
TEST_CASE("a crowd of which each wants another turn") {
  ConformanceApp served;
  Config config = Config::testing();
  config.memory.strategy = AllocationStrategy::minimal;
  config.limits.pipelineDepth = 1;
  ServedApp server(served.app, config);
  const auto clients = connectClients(server.port(), 140);
  CHECK(clients.front()->request(requestText("GET", "/")).body == "hello");
  holdWorker(served);
  for (auto& client : clients) client->send(manyRequests(50));
  for (auto& client : clients) CHECK(receiveInOrder(*client, 50) == 50);
}

TEST_CASE("large responses in a row: each is sent before the next is made") {
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.pipelineDepth = 1024;
  ServedApp server(served.app, config);
  RawClient client(server.port());
  std::string requests;
  for (int i = 0; i < 10; ++i) requests += requestText("GET", "/large");
  client.send(requests);
  for (int i = 0; i < 10; ++i) CHECK(client.receiveResponse().body.size() == ConformanceApp::kLargeBytes);
  CHECK(server.server().monitor().total(Metric::memoryHighWaterBytes) < 3 * ConformanceApp::kLargeBytes);
}

// Both copied and borrowed bodies.
TEST_CASE("large responses in a batch: each is sent before the next is made") {
  for (const std::size_t bytes : {40'000U, 200'000U}) {
    CAPTURE(bytes);
    ConformanceApp served;
    Config config = Config::testing();
    config.memory.strategy = AllocationStrategy::minimal;
    ServedApp server(served.app, config);
    const auto clients = connectClients(server.port(), 24);
    CHECK(clients.front()->request(requestText("GET", "/")).body == "hello");
    holdWorker(served);
    for (auto& client : clients) client->send(requestText("GET", "/filled/" + std::to_string(bytes)));
    for (auto& client : clients) CHECK(client->receiveResponse().body.size() == bytes);
    waitUntilPublished();
    // 24 inputs of 16 KiB, a response, and its event's memory.
    CHECK(server.server().monitor().total(Metric::memoryHighWaterBytes) < 1'000'000);
  }
}

// Up to 64 KiB are copied after the head; larger bodies are borrowed, here from the input itself.
TEST_CASE("bodies sent with and without a copy, and what waits behind them") {
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.bodyBytes = 16 * 1024 * 1024;
  ServedApp server(served.app, config);
  RawClient client(server.port());
  for (const std::size_t size : {8'192U, 65'535U, 65'536U, 65'537U, 300'000U, 3'000'000U, 16'777'216U}) {
    CAPTURE(size);
    std::string body(size, ' ');
    for (std::size_t i = 0; i < size; ++i) body[i] = static_cast<char>('a' + i * 7919 % 26);
    const std::string length = "Content-Length: " + std::to_string(size) + "\r\n";
    std::thread sender([&] { client.send(requestText("POST", "/p", length) + body + manyRequests(3)); });
    const RawResponse response = client.receiveResponse();
    sender.join();
    CHECK((response.body == body));
    CHECK(receiveInOrder(client, 3) == 3);
  }
  CHECK(served.dispatched == 7 * 4);
}

TEST_CASE("late responses keep the order: nothing overtakes them") {
  ConformanceApp served;
  ServedApp server(served.app);
  RawClient client(server.port());
  client.send(requestText("GET", "/wait/100") + requestText("GET", "/n/1") + requestText("GET", "/wait/1") +
              requestText("GET", "/instant") + requestText("GET", "/fails") + requestText("GET", "/n/2"));
  CHECK(client.receiveResponse().body == "waited");
  CHECK(client.receiveResponse().body.starts_with("1 "));
  CHECK(client.receiveResponse().body == "waited");
  CHECK(client.receiveResponse().body == "instant");
  CHECK(client.receiveResponse().status == 500);
  CHECK(client.receiveResponse().body.starts_with("2 "));
}

TEST_CASE("a flood whose sender stops reading is held back, then gets all its responses") {
  constexpr int kRequests = 30'000;  // 32 MB of responses
  ConformanceApp served;
  Config config = Config::testing();
  config.limits.outputBytes = 64 * 1024;
  ServedApp server(served.app, config);
  RawClient client(server.port(), 16 * 1024);
  std::thread sender([&] { client.send(manyRequests(kRequests)); });
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  CHECK(served.dispatched < kRequests);
  // Input buffer, and output up to the cap and one response: rounded up to a power of two. The first one,
  // which the output has outgrown, stays on the shelf and counts as in use until a tick finds the worker at
  // rest.
  CHECK(eventually([&] { return server.server().monitor().total(Metric::bufferPoolInUse) <= 2; }));
  CHECK(receiveInOrder(client, kRequests) == kRequests);
  sender.join();
  CHECK(served.dispatched == kRequests);
  CHECK(client.request(requestText("GET", "/")).body == "hello");
}

TEST_CASE("a large body behind a late response is received") {
  ConformanceApp served;
  ServedApp server(served.app);
  const std::string body(1000 * 1000, 'b');
  for (int i = 0; i < 5; ++i) {
    RawClient client(server.port());
    client.send(requestText("GET", "/wait/20") + requestText("POST", "/p", "Content-Length: 1000000\r\n") +
                body + manyRequests(50));
    CHECK(client.receiveResponse().body == "waited");
    CHECK(client.receiveResponse().body == body);
    CHECK(receiveInOrder(client, 50) == 50);
  }
}
