#include "replay/client_connection.hpp"

#include <doctest/doctest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <set>

#include "load_bench.hpp"
#include "replay/descriptor.hpp"
#include "replay/loopback.hpp"
#include "replay/measure_error.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

constexpr std::uint64_t kPatienceNs = 30'000'000'000;  // a busy machine is no failure

}  // namespace

TEST_CASE("the client leaves a server that does not close although requested") {
  Bench bench(echo);
  bench.scenario.load.keepAlive = false;
  const BlockTally tally = bench.run(30);
  CHECK(tally.connectionsOpened == 30);
  CHECK(tally.unexpected == 0);
}

TEST_CASE("a server that closes after some responses gets the rest again") {
  for (const unsigned pipeline : {1U, 4U}) {
    std::atomic<int> served{0};
    Bench bench([&](const TinyRequest&) {
      const bool close = ++served % 7 == 0;
      return TinyReply{tinyResponse(200, "", close ? "Connection: close\r\n" : ""), close};
    });
    bench.scenario.load.pipeline = pipeline;
    const BlockTally tally = bench.run(200);
    CHECK(tally.requests == 200);
    CHECK(tally.responses == 200);
    CHECK(tally.unexpected == 0);
    // Closing with unread requests makes the kernel send RST, which can overtake the last response: that one
    // goes again.
    CHECK((pipeline == 1 ? served == 200 : served >= 200));
    CHECK(tally.connectionsOpened > 20);
  }
}

TEST_CASE("a kept connection that the server closed while idle is opened again") {
  std::atomic<int> served{0};
  Bench bench([&](const TinyRequest&) { return TinyReply{tinyResponse(200, ""), ++served % 5 == 0}; });
  const BlockTally tally = bench.run(100, 2);
  CHECK(tally.requests == 100);
  CHECK(tally.unexpected == 0);
}

TEST_CASE("a fresh connection that ends without a response, or with a broken one, is a missing response") {
  Bench closing([](const TinyRequest&) { return TinyReply{"", true}; });
  CHECK(closing.run(5).unexpected == 5);
  CHECK(closing.unexpected[0].what == "no response: the connection ended before it");
  Bench broken([](const TinyRequest&) { return TinyReply{"HTTP/1.1 2x0\r\n\r\n"}; });
  const BlockTally tally = broken.run(5);
  CHECK(tally.unexpected == 5);
  CHECK(tally.requests == 5);
  CHECK(tally.responses == 0);
  CHECK(broken.unexpected[0].what == "no response: malformed: it does not begin with an HTTP/1 status line");
}

TEST_CASE("a second response to one request is detected") {
  Bench bench([](const TinyRequest&) {
    return TinyReply{tinyResponse(400, "", "Connection: close\r\n") + tinyResponse(200, ""), true};
  });
  bench.scenario.steps[0].expect = Expect{{400}};
  CHECK(bench.run(6).unexpected == 6);
  CHECK(bench.unexpected[0].what == "bytes after the response that belong to no request");
}

TEST_CASE("aborted requests leave by FIN and RST in turn, and get no response") {
  for (const AbortPoint point : {AbortPoint::midHeaders, AbortPoint::afterHeaders, AbortPoint::midBody}) {
    Bench bench(echo);
    bench.scenario.load.connections = 1;
    Step& step = bench.scenario.steps[0];
    step.method = "POST";
    step.body = "0123456789";
    step.abort = point;
    step.expect.reset();
    const BlockTally tally = bench.run(20);
    CHECK(tally.requests == 20);
    CHECK(tally.responses == 0);
    CHECK(tally.unexpected == 0);
    CHECK(tally.connectionsOpened == 21);  // one stands open at the end
    for (int wait = 0; wait < 6'000 && bench.server.ends + bench.server.resets < 21; ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    CHECK(bench.server.requests.load() == 0);
    CHECK(bench.server.ends.load() == 11);  // the last one by the end of the driver
    CHECK(bench.server.resets.load() == 10);
  }
}

TEST_CASE("aborts mixed with ordinary requests, pipelined: the ordinary ones all get responses") {
  Bench bench(echo);
  bench.scenario.load.pipeline = 4;
  bench.scenario.steps.push_back(makeStep("gone"));
  bench.scenario.steps[1].abort = AbortPoint::midHeaders;
  bench.scenario.steps[1].expect.reset();
  const BlockTally tally = bench.run(300);
  CHECK(tally.requests == 300);
  CHECK(tally.byStep[0] + tally.byStep[1] == 300);
  CHECK(tally.responses == tally.byStep[0]);
  CHECK(tally.unexpected == 0);
  CHECK(bench.server.requests.load() == static_cast<int>(tally.byStep[0]));
}

TEST_CASE("a stalled request is held, or until the server responds or closes") {
  Bench bench(echo);
  bench.scenario.load.connections = 2;
  Step& step = bench.scenario.steps[0];
  step.raw = "GET / HT";
  step.abort = AbortPoint::beforeResponse;
  step.expect.reset();
  step.stallMs = 60;
  BlockTally tally = bench.run(2);
  CHECK(tally.requests == 2);
  CHECK(tally.elapsedNs >= 60'000'000);
  CHECK(tally.elapsedNs < kPatienceNs);
  step.raw = "GET / HTTP/1.1\r\n\r\n";  // whole: the server responds immediately
  step.stallMs = 30'000;
  step.expect = Expect{{200}};
  tally = bench.run(2);
  CHECK(tally.elapsedNs < kPatienceNs);
  CHECK(tally.responses == 2);
  CHECK(tally.unexpected == 0);
  Bench closing([](const TinyRequest&) { return TinyReply{"", true}; });
  closing.scenario.steps[0] = step;
  tally = closing.run(2);
  CHECK(tally.elapsedNs < kPatienceNs);
  CHECK(tally.unexpected == 2);
}

TEST_CASE("a slow reader: the server's write blocks, and the response arrives whole") {
  const std::string page(200'000, 'x');
  Bench bench([&](const TinyRequest&) { return TinyReply{tinyResponse(200, page)}; });
  bench.scenario.load.connections = 1;
  Step& step = bench.scenario.steps[0];
  step.expect->body = page;
  CHECK(bench.run(5).unexpected == 0);
  CHECK(bench.server.parted.load() == 0);
  step.slowReadMs = 40;
  const BlockTally tally = bench.run(5);
  CHECK(tally.responses == 5);
  CHECK(tally.unexpected == 0);
  CHECK(tally.connectionsOpened == 6);  // one each, and one stands open at the end
  CHECK(tally.elapsedNs >= 200'000'000);
  CHECK(bench.server.parted.load() == 5);
}

TEST_CASE("a slow reader's pause starts with the response, however late that is") {
  Bench bench([](const TinyRequest&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(30));
    return TinyReply{tinyResponse(200, "late")};
  });
  bench.scenario.load.connections = 1;
  bench.scenario.steps[0].slowReadMs = 30;
  const BlockTally tally = bench.run(5);
  CHECK(tally.responses == 5);
  CHECK(tally.elapsedNs >= 5 * 60'000'000);
}

TEST_CASE("slow and prompt readers in turn have connections of their own") {
  const std::string page(200'000, 'x');
  Bench bench([&](const TinyRequest&) { return TinyReply{tinyResponse(200, page)}; });
  bench.scenario.load = {.connections = 2, .pipeline = 4, .order = StepOrder::sequence};
  Step slow = makeStep("slow");
  slow.slowReadMs = 20;
  // Each connection sends every other request: prompt, slow, prompt, slow ...
  bench.scenario.steps = {makeStep("a"), makeStep("b"), slow, slow};
  bench.scenario.steps[3].name = "slow too";
  const BlockTally tally = bench.run(16);
  CHECK(tally.responses == 16);
  CHECK(tally.unexpected == 0);
  CHECK(tally.connectionsOpened == 18);  // two stand open at the end
  CHECK(bench.server.parted.load() == 8);
}

TEST_CASE("a slow reader whose server leaves, and one that gets no response") {
  Bench closing([](const TinyRequest&) { return TinyReply{"", true}; });
  closing.scenario.steps[0].slowReadMs = 20;
  BlockTally tally = closing.run(3);
  CHECK(tally.requests == 3);
  CHECK(tally.unexpected == 3);
  Bench silent([](const TinyRequest&) { return TinyReply{}; });
  silent.scenario.steps[0].slowReadMs = 20;
  silent.timeout = std::chrono::milliseconds(100);
  CHECK_THROWS_AS(silent.run(1), MeasureError);
}

TEST_CASE("after an upgrade the client leaves: the server waits for it to speak") {
  Bench bench([](const TinyRequest&) {
    return TinyReply{"HTTP/1.1 101 X\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"};
  });
  bench.scenario.steps[0].expect = Expect{{101}};
  const BlockTally tally = bench.run(24);
  CHECK(tally.responses == 24);
  CHECK(tally.unexpected == 0);
  CHECK(tally.connectionsOpened == 27);
  CHECK(tally.elapsedNs < 8'000'000'000);  // not a second for each of 24 upgrades on 3 connections
}

TEST_CASE("a server that announces close but does not close is waited for once per connection") {
  Bench bench([](const TinyRequest&) { return TinyReply{tinyResponse(200, "x", "Connection: close\r\n")}; });
  const BlockTally tally = bench.run(24);
  CHECK(tally.responses == 24);
  CHECK(tally.elapsedNs < 8'000'000'000);  // not a second for each of 24 responses on 3 connections
}

TEST_CASE("a connection that a full backlog dropped is tried again before the kernel would") {
  // The queue holds one connection more than its length; a heartbeat takes it out.
  const Descriptor listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  sockaddr_in address = loopbackAddress(0);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  REQUIRE(::bind(listener.get(), generic, length) == 0);
  REQUIRE(::listen(listener.get(), 0) == 0);
  REQUIRE(::getsockname(listener.get(), generic, &length) == 0);
  const Descriptor filler(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  REQUIRE(::connect(filler.get(), generic, length) == 0);

  Scenario scenario;
  scenario.load.connections = 1;
  scenario.steps = {makeStep("a")};
  const RequestStream stream(scenario, "h");
  std::vector<Descriptor> taken;
  std::vector<UnexpectedResponse> unexpected;
  LoadDriver driver(stream,
                    {ntohs(address.sin_port), 1, true, std::chrono::milliseconds(900), [&](std::uint64_t) {
                       if (taken.size() == 2) return;
                       Descriptor next(::accept(listener.get(), nullptr, nullptr));
                       if (!next) return;
                       taken.push_back(std::move(next));
                       if (taken.size() < 2) return;
                       const std::string response = tinyResponse(200, "");
                       CHECK(::send(taken[1].get(), response.data(), response.size(), 0) > 0);
                     }});
  // The kernel sends the first packet again after a second only.
  const BlockTally tally = driver.run(0, 1, nullptr, unexpected);
  CHECK(tally.responses == 1);
  CHECK(tally.connectionsOpened == 1);
}

TEST_CASE("the client closes each connection after a number of responses") {
  for (const unsigned pipeline : {1U, 2U, 5U}) {
    Bench bench(echo);
    bench.scenario.load.connections = 2;
    bench.scenario.load.pipeline = pipeline;
    bench.scenario.load.requestsPerConnection = 5;
    CAPTURE(pipeline);
    const BlockTally tally = bench.run(60);
    CHECK(tally.responses == 60);
    CHECK(tally.connectionsOpened == 14);  // two more are open between blocks
    CHECK(tally.unexpected == 0);
    CHECK(bench.run(20, 2).connectionsOpened == 4);
    bench.server.stop();
    CHECK(bench.server.resets.load() == 0);
  }
}

TEST_CASE("steps that close, and steps that open a connection, among others that do neither") {
  for (const unsigned pipeline : {1U, 4U}) {
    CAPTURE(pipeline);
    Bench bench([](const TinyRequest& request) {
      return TinyReply{tinyResponse(200, request.target),
                       request.head.find("Connection: close") != std::string::npos};
    });
    bench.scenario.load.connections = 1;
    bench.scenario.load.pipeline = pipeline;
    bench.scenario.load.order = StepOrder::sequence;
    bench.scenario.steps = {makeStep("stay", "/stay"), makeStep("close", "/close"),
                            makeStep("fresh", "/fresh"), makeStep("again", "/again")};
    bench.scenario.steps[1].keepAlive = false;
    bench.scenario.steps[2].newConnection = true;
    for (Step& step : bench.scenario.steps) step.expect->body = step.path;
    const BlockTally tally = bench.run(40);
    CHECK(tally.responses == 40);
    CHECK(tally.unexpected == 0);
    // Each `close` ends one; `fresh` after it finds a new one anyway.
    CHECK(tally.connectionsOpened == 11);
    bench.scenario.steps[1].keepAlive.reset();
    CHECK(bench.run(40).connectionsOpened == 11);  // now `fresh` opens them
    bench.scenario.load.keepAlive = false;
    bench.scenario.load.pipeline = 1;
    bench.scenario.steps[0].keepAlive = true;  // stays for the next, which closes
    CHECK(bench.run(40).connectionsOpened == 30);
  }
}
