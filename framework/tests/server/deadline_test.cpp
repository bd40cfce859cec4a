// connection_deadlines.cpp and worker.cpp.
// Deadlines, all waited for at the same time.
#include <doctest/doctest.h>
#include <poll.h>

#include <cerrno>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "conformance_app.hpp"

using namespace h3;
using namespace h3::test;

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kDeadline = std::chrono::milliseconds(1500);
constexpr auto kPause = std::chrono::milliseconds(40);
// Deadlines are checked four times a second; the rest is for a busy machine.
constexpr auto kLatest = std::chrono::milliseconds(60'000);

Config impatient() {
  Config config = Config::testing();
  config.timeouts.headerMs = config.timeouts.bodyGraceMs = config.timeouts.idleMs = config.timeouts.writeMs =
      kDeadline.count();
  config.timeouts.lingerMs = kDeadline.count();
  config.timeouts.bodyBytesPerSecond = 1000;
  config.timeouts.writeBytesPerSecond = 40'000;
  return config;
}

struct Outcome {
  std::vector<RawResponse> responses;
  Clock::duration took{};
  bool reset = false;

  bool inTime() const { return took >= kDeadline && took < kLatest; }
};

// Sends `first`, then `drop` again and again, at most `drops` times, until a response or the end arrives.
Outcome dripFeed(std::uint16_t port, const std::string& first, const std::string& drop, int drops) {
  const auto start = Clock::now();
  RawClient client(port);
  client.send(first);
  for (int i = 0; i < drops; ++i) {
    char byte = 0;
    if (::recv(client.socket(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0) break;
    client.send(drop);
    std::this_thread::sleep_for(kPause);
  }
  Outcome outcome;
  outcome.responses = receiveResponses(client);
  outcome.took = Clock::now() - start;
  outcome.reset = client.wasReset();
  return outcome;
}

// What a client got of /large, and whether its connection was reset then.
struct Taken {
  std::size_t bytes;
  bool reset;
};

// Does not read until the server has given up.
Taken neverRead(std::uint16_t port) {
  RawClient client(port, 16 * 1024);
  client.send(requestText("GET", "/large"));
  pollfd end{client.socket(), 0, 0};  // an error or a hang-up
  ::poll(&end, 1, static_cast<int>(kLatest.count()));
  const std::size_t bytes = client.receiveAll().size();
  return {bytes, client.wasReset()};
}

// Takes a few bytes at a time, without a pause that is as long as the deadline.
Taken drip(std::uint16_t port) {
  RawClient client(port, 16 * 1024);
  client.send(requestText("GET", "/large"));
  Taken taken{0, false};
  const auto end = Clock::now() + kLatest;
  for (ssize_t got = 1; got > 0 && Clock::now() < end;
       taken.bytes += static_cast<std::size_t>(got > 0 ? got : 0)) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    char bytes[500];
    got = ::recv(client.socket(), bytes, sizeof bytes, 0);
    taken.reset = got < 0 && errno == ECONNRESET;
  }
  return taken;
}

// Slow, but never for longer than the deadline.
std::size_t readSlowly(std::uint16_t port) {
  RawClient client(port, 16 * 1024);
  client.send(requestText("GET", "/large", "Connection: close\r\n"));
  std::vector<char> bytes(1024 * 1024);
  std::size_t total = 0;
  for (ssize_t got = 1; got > 0; total += static_cast<std::size_t>(got > 0 ? got : 0)) {
    if (total < 700'000) std::this_thread::sleep_for(std::chrono::milliseconds(100));
    got = ::recv(client.socket(), bytes.data(), total < 700'000 ? 20'000 : bytes.size(), 0);
  }
  return total;
}

}  // namespace

TEST_CASE("header, body, idle and write deadlines") {
  ConformanceApp served;
  ServedApp server(served.app, impatient());
  const std::uint16_t port = server.port();
  const auto feed = [port](const std::string& first, const std::string& drop, int drops) {
    return std::async(std::launch::async, [=] { return dripFeed(port, first, drop, drops); });
  };
  const std::string post = requestText("POST", "/p", "Content-Length: 4000\r\n");
  const std::string chunked = requestText("POST", "/p", "Transfer-Encoding: chunked\r\n");
  auto halfLine = feed("GET / HT", "", 0);
  auto drippedHeader = feed("GET / HTTP/1.1\r\nA: ", "x", 100);
  auto drippedFields = feed("GET / HTTP/1.1\r\n", "A: b\r\n", 50);
  auto emptyLine = feed("\r\n", "", 0);
  auto noBody = feed(post, "", 0);
  auto slowBody = feed(post, "x", 100);
  auto stalledBody =
      feed(requestText("POST", "/p", "Content-Length: 400000\r\n") + std::string(200'000, 'x'), "", 0);
  auto slowChunks = feed(chunked, "1\r\nx\r\n", 100);
  auto continued = feed(requestText("POST", "/p", "Expect: 100-continue\r\nContent-Length: 9\r\n"), "", 0);
  auto steadyBody = feed(requestText("POST", "/p", "Connection: close\r\nContent-Length: 80000\r\n"),
                         std::string(1600, 'x'), 50);
  auto silent = feed("", "", 0);
  auto idle = feed(requestText("GET", "/"), "", 0);
  auto secondHeader = feed(requestText("GET", "/") + "GET", "", 0);
  auto slowHandler = feed(requestText("GET", "/wait/3000", "Connection: close\r\n"), "", 0);
  auto lingering = feed("GET  / HTTP/1.1\r\n", "", 0);
  auto unread = std::async(std::launch::async, [=] { return neverRead(port); });
  auto dripping = std::async(std::launch::async, [&] { return drip(port); });
  auto slowReader = std::async(std::launch::async, [&] { return readSlowly(port); });

  for (auto* late : {&halfLine, &drippedHeader, &drippedFields, &emptyLine, &noBody, &slowBody, &stalledBody,
                     &slowChunks}) {
    const Outcome outcome = late->get();
    CAPTURE(outcome.responses.size());
    CHECK(outcome.inTime());
    REQUIRE(outcome.responses.size() == 1);
    CHECK(isRefusal(outcome.responses[0], 408));
  }
  const Outcome waited = continued.get();
  REQUIRE(waited.responses.size() == 2);
  CHECK(waited.responses[0].status == 100);
  CHECK(isRefusal(waited.responses[1], 408));
  const Outcome steady = steadyBody.get();
  REQUIRE(steady.responses.size() == 1);
  CHECK(steady.responses[0].status == 200);
  CHECK(steady.responses[0].body.size() == 80'000);
  const Outcome closed = silent.get();
  CHECK(closed.responses.empty());
  CHECK(closed.inTime());
  CHECK(!closed.reset);
  const Outcome kept = idle.get();
  CHECK(kept.responses.size() == 1);
  CHECK(kept.inTime());
  CHECK(!kept.reset);
  const Outcome second = secondHeader.get();
  REQUIRE(second.responses.size() == 2);
  CHECK(second.responses[0].status == 200);
  CHECK(isRefusal(second.responses[1], 408));
  const Outcome slow = slowHandler.get();
  REQUIRE(slow.responses.size() == 1);
  CHECK(slow.responses[0].body == "waited");
  CHECK(lingering.get().responses.size() == 1);
  for (auto* reader : {&unread, &dripping}) {
    const Taken taken = reader->get();
    CHECK(taken.bytes < ConformanceApp::kLargeBytes);
    CHECK(taken.reset);
  }
  CHECK(slowReader.get() > ConformanceApp::kLargeBytes);
  // Ten with a 408, the two idle ones, and the two that read too little.
  CHECK(server.server().monitor().total(Metric::connectionsTimedOut) == 14);
  CHECK(poolsAreFull(server.server().monitor()));
}

TEST_CASE("a refused client that neither reads nor leaves is closed after the linger time") {
  ConformanceApp served;
  ServedApp server(served.app, impatient());
  RawClient stays(server.port());
  stays.send("GET  / HTTP/1.1\r\n");
  RawClient talks(server.port());
  std::thread talker([&] {
    while (!talks.wasReset()) {
      talks.send("GET  / HTTP/1.1\r\n");
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  });
  CHECK(poolsAreFull(server.server().monitor()));
  talker.join();
}
