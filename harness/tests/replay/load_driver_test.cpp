#include "replay/load_driver.hpp"

#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "load_bench.hpp"
#include "replay/http_probe.hpp"
#include "replay/measure_error.hpp"
#include "replay/steady_time.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("every request is sent once and gets a response, over connections that stay open") {
  Bench bench(echo);
  std::set<std::string> targets;
  std::atomic<int> twice{0};
  TinyServer counting([&](const TinyRequest& request) {
    if (!targets.insert(request.target).second) ++twice;
    return echo(request);
  });
  for (const unsigned pipeline : {1U, 5U}) {
    targets.clear();
    bench.scenario.load.pipeline = pipeline;
    const RequestStream stream(bench.scenario, "h");
    LoadDriver driver(stream, {counting.port(), pipeline, true, bench.timeout, nullptr});
    const BlockTally first = driver.run(0, 100, nullptr, bench.unexpected);
    const BlockTally second = driver.run(100, 101, nullptr, bench.unexpected);
    CHECK(first.requests == 100);
    CHECK(first.responses == 100);
    CHECK(first.connectionsOpened == 3);
    CHECK(second.requests == 101);
    CHECK(second.connectionsOpened == 0);
    CHECK(second.byStep == std::vector<std::uint64_t>{101});
    CHECK(second.statuses == std::map<int, std::uint64_t>{{200, 101}});
    CHECK(second.unexpected == 0);
    CHECK(targets.size() == 201);
    CHECK(targets.contains("/a/200"));
    CHECK(twice.load() == 0);
  }
  counting.stop();
}

TEST_CASE("each connection sends its requests in order") {
  for (const unsigned pipeline : {1U, 4U}) {
    Bench bench(echo);
    bench.server.record = true;
    bench.scenario.load.connections = 1;
    bench.scenario.load.pipeline = pipeline;
    bench.run(50);
    bench.server.stop();
    std::string expected;
    const RequestStream stream(bench.scenario, "h");
    for (std::uint64_t i = 0; i < 50; ++i) stream.render(i, expected);
    CHECK(bench.server.seen == expected);
  }
}

TEST_CASE("an open loop sends no request before it is due") {
  constexpr std::uint64_t kRequests = 40;
  constexpr std::uint64_t kIntervalNs = 1'000'000;
  std::atomic<std::uint64_t> startNs{0};
  std::atomic<unsigned> early{0};
  Bench bench([&](const TinyRequest& request) {
    const std::uint64_t number = std::stoull(request.target.substr(3));
    if (steadyNowNs() < startNs + number * kIntervalNs) ++early;
    return echo(request);
  });
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(stream, {bench.server.port(), 1, true, bench.timeout, nullptr});
  driver.pace(1e9 / kIntervalNs);
  startNs = steadyNowNs();
  const BlockTally tally = driver.run(0, kRequests, nullptr, bench.unexpected);
  CHECK(tally.responses == kRequests);
  CHECK(tally.connectionsOpened == 3);
  CHECK(early.load() == 0);
  CHECK(tally.elapsedNs >= (kRequests - 1) * kIntervalNs);
}

TEST_CASE("an open loop charges a stall to every request that was due meanwhile, a closed one to one") {
  constexpr std::uint64_t kRequests = 100;
  constexpr double kRate = 2'000;  // the last request is due after 50 ms
  constexpr std::uint64_t kStallNs = 200'000'000;
  Bench bench([&](const TinyRequest& request) {
    if (request.target == "/a/0") std::this_thread::sleep_for(std::chrono::nanoseconds(kStallNs));
    return echo(request);
  });
  bench.scenario.load.connections = 1;
  const RequestStream stream(bench.scenario, "h");
  const auto latencyAt = [&](double rate) {
    LoadDriver driver(stream, {bench.server.port(), 1, true, bench.timeout, nullptr});
    LatencyRecorder latency(0, kRequests);
    driver.pace(rate);
    driver.run(0, kRequests, &latency, bench.unexpected);
    return latency.summary();
  };
  CHECK(latencyAt(kRate).p50Ns >= kStallNs - 1e9 * kRequests / kRate);
  const LatencySummary closed = latencyAt(0);
  CHECK(closed.maxNs >= kStallNs);
  CHECK(closed.p50Ns < closed.maxNs);
}

TEST_CASE("a connection for each request") {
  Bench bench([](const TinyRequest& request) {
    return TinyReply{tinyResponse(200, request.body, "Connection: close\r\n"), true};
  });
  bench.scenario.load.keepAlive = false;
  const BlockTally tally = bench.run(60);
  CHECK(tally.connectionsOpened == 60);
  CHECK(tally.responses == 60);
  CHECK(tally.unexpected == 0);
}

TEST_CASE("a block ends with every connection open, unless the server closes idle ones") {
  Bench bench([](const TinyRequest&) {
    return TinyReply{tinyResponse(200, "", "Connection: close\r\n"), true};
  });
  bench.scenario.load.connections = 5;
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(stream, {bench.server.port(), 1, true, bench.timeout, nullptr});
  CHECK(driver.run(0, 10, nullptr, bench.unexpected).connectionsOpened == 15);
  CHECK(driver.run(10, 10, nullptr, bench.unexpected).connectionsOpened == 10);
  CHECK(driver.run(20, 0, nullptr, bench.unexpected).connectionsOpened == 0);
  bench.server.dropAccepted = true;
  const BlockTally tally = driver.run(20, 0, nullptr, bench.unexpected);
  CHECK(tally.requests == 0);
}

TEST_CASE("responses that differ are counted, the first few kept") {
  Bench bench([](const TinyRequest& request) {
    return TinyReply{
        tinyResponse(request.target == "/a/7" ? 500 : 200, request.target == "/a/8" ? "?" : "ok")};
  });
  bench.scenario.load.connections = 1;
  bench.scenario.steps[0].expect = Expect{{200}, "ok"};
  BlockTally tally = bench.run(10);
  CHECK(tally.unexpected == 2);
  REQUIRE(bench.unexpected.size() == 2);
  CHECK(bench.unexpected[0].step == "a");
  CHECK(bench.unexpected[0].request == 7);
  CHECK(bench.unexpected[0].what == "status 500, expected 200");
  CHECK(bench.unexpected[1].what == "a body of 1 bytes that differs from byte 0 on, expected 2 bytes");
  bench.scenario.steps[0].expect = Expect{{}, std::nullopt, 500};
  bench.unexpected.clear();
  CHECK(bench.run(10).unexpected == 1);
  CHECK(bench.unexpected.at(0).what == "status 500, expected one below 500");
  bench.scenario.steps[0].expect = Expect{{}};
  CHECK(bench.run(10).unexpected == 0);
  bench.scenario.steps[0].expect = Expect{{404, 405}};
  bench.unexpected.clear();
  tally = bench.run(100);
  CHECK(tally.unexpected == 100);
  CHECK(bench.unexpected.size() == kMaxUnexpectedExamples);
  CHECK(bench.unexpected[0].what == "status 200, expected 404 or 405");
}

TEST_CASE("expect null: sent whole, then left") {
  Bench bench(echo);
  bench.scenario.steps[0].expect.reset();
  const BlockTally tally = bench.run(9);
  CHECK(tally.requests == 9);
  CHECK(tally.responses == 0);
  CHECK(tally.connectionsOpened == 12);  // three stand open at the end
}

TEST_CASE("large bodies both ways") {
  Bench bench(echo);
  Step& step = bench.scenario.steps[0];
  step.method = "POST";
  step.body = "{grow:400000}{i}";
  step.expect = Expect{{200}, "{grow:400000}{i}"};
  step.path = "/";
  bench.scenario.load.pipeline = 1;
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(stream, {bench.server.port(), 1, true, bench.timeout, nullptr});
  const BlockTally tally = driver.run(399'000, 30, nullptr, bench.unexpected);
  CHECK(tally.responses == 30);
  CHECK(tally.unexpected == 0);
}

TEST_CASE("no response in time, and no connection, end the measurement") {
  Bench bench([](const TinyRequest&) { return TinyReply{}; });
  bench.timeout = std::chrono::milliseconds(150);
  CHECK_THROWS_WITH_AS(
      bench.run(4),
      "no response to request 0 (step \"a\") within 150 ms; the target runs but does not respond",
      MeasureError);
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(stream, {freePort(), 1, true, bench.timeout, nullptr});
  CHECK_THROWS_WITH_AS(driver.run(0, 4, nullptr, bench.unexpected),
                       doctest::Contains("Connection refused; the target runs but takes no connections"),
                       MeasureError);
}

TEST_CASE("the heartbeat can end a block") {
  Bench bench([](const TinyRequest&) { return TinyReply{}; });
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(
      stream, {bench.server.port(), 1, true, bench.timeout, [](std::uint64_t) { throw Interrupted(); }});
  CHECK_THROWS_AS(driver.run(0, 4, nullptr, bench.unexpected), Interrupted);
}

TEST_CASE("latency is recorded by request") {
  Bench bench(echo);
  const RequestStream stream(bench.scenario, "h");
  LoadDriver driver(stream, {bench.server.port(), 1, true, bench.timeout, nullptr});
  LatencyRecorder latency(10, 80);
  driver.run(0, 90, &latency, bench.unexpected);
  CHECK(latency.summary().requests == 80);
  CHECK(latency.summary().p50Ns > 0);
  for (const LatencyWindow& window : latency.windows()) CHECK(window.requests == 1);
}
