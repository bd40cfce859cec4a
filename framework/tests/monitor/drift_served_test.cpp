// monitor_thread.cpp, and RouteTimes within a server.
// What a real server shows of its handlers' times and of its heap. The exact numbers: drift_reporter_test.cpp.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <forward_list>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "../support/served_app.hpp"
#include "h3http/drift.hpp"
#include "h3http/expose_metrics.hpp"
#include "monitor/monitor_state.hpp"
#include "open_metrics_text.hpp"

using h3::Drift;
using h3::DriftKind;
using namespace h3::test;
using Clock = std::chrono::steady_clock;

namespace {

constexpr std::uint32_t kWindowMs = 10;  // the least: a busy machine only makes it longer
constexpr std::chrono::milliseconds kHandler{1};
// Only ends a test that would hang.
constexpr std::chrono::minutes kPatience{4};

}  // namespace

TEST_CASE("a handler's time is in /metrics") {
  constexpr int kRequests = 50;
  h3::App app;
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/sleep/:id", [](h3::Event& event) {
    std::this_thread::sleep_for(kHandler);
    event.sendView("done", "text/plain");
  });
  h3::Config config = h3::Config::testing();
  config.monitor.windowMs = kWindowMs;
  const ServedApp served(app, config);
  RawClient client(served.port());
  for (int i = 0; i < kRequests; ++i) CHECK(client.request(requestText("GET", "/sleep/1")).status == 200);

  // A route is shown from the end of a window on.
  nlohmann::json routes;
  for (const auto latest = Clock::now() + kPatience; !routes.contains("GET /sleep/:id");
       routes = nlohmann::json::parse(served.get("/metrics.json").body)["routes"])
    REQUIRE(Clock::now() < latest);
  const nlohmann::json& route = routes["GET /sleep/:id"];
  CHECK(route["requests"] == kRequests);
  CHECK(route["timed"] >= 1);
  CHECK(route["timed"] <= kRequests);
  CHECK(route["latency_ns"]["p50"] >= std::chrono::nanoseconds(kHandler).count());
  const auto families = parseOpenMetrics(served.get("/metrics").body);
  CHECK(families.at("h3_handler_duration_seconds").unit == "seconds");
  CHECK(families.at("h3_route_requests").samples[0].first ==
        "h3_route_requests_total{method=\"GET\",route=\"/sleep/:id\"}");
}

TEST_CASE("a handler that leaks 100 bytes a request is reported by a server under load") {
  std::atomic<bool> reported{false};
  h3::Config config = h3::Config::testing();
  config.monitor.windowMs = kWindowMs;
  config.monitor.logIntervalMs = 0;
  config.monitor.onDrift = [&reported](const Drift& drift) {
    if (drift.kind == DriftKind::liveBytes) reported = true;
  };
  std::forward_list<std::unique_ptr<char[]>> leaked;  // one worker: no lock
  h3::App app;
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/leak", [&leaked](h3::Event& event) {
    leaked.push_front(std::make_unique<char[]>(84));
    event.sendView("done", "text/plain");
  });
  const ServedApp served(app, config);
  RawClient client(served.port());
  const auto latest = Clock::now() + kPatience;
  while (!reported) {
    REQUIRE(Clock::now() < latest);
    (void)client.request(requestText("GET", "/leak"));
  }
  const nlohmann::json json = nlohmann::json::parse(served.get("/metrics.json").body);
  CHECK(json["drift"]["live_bytes"] >= 1);
  CHECK(json["drift"]["live_bytes_per_second"]["low"] > 0);
  CHECK(json["process"]["heap_live_bytes"] > 65'536);  // the tolerance
  CHECK(json["process"]["resident_bytes"] > 1'000'000);
}

TEST_CASE("a disabled monitor takes no times, and still counts") {
  h3::Config config = h3::Config::testing();
  config.monitor.enabled = false;
  h3::App app;
  h3::exposeMetrics(app, "", "/metrics.json");
  app.get("/x", [](h3::Event&) { return "x"; });
  ServedApp served(app, config);
  for (int i = 0; i < 3; ++i) CHECK(served.get("/x").status == 200);
  CHECK(h3::MonitorState::of(served.server().monitor()).workers()[0]->routes.row(2).requests.read() == 3);
  CHECK(h3::MonitorState::of(served.server().monitor()).workers()[0]->routes.row(2).timed.read() == 0);
  CHECK(nlohmann::json::parse(served.get("/metrics.json").body)["routes"].empty());
}
