// monitor_thread.cpp and drift_watch.cpp.
// The whole way: a real server under load drifts, and says so in its hook and in /metrics.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <forward_list>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

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

// The hook's arguments, for the test's thread.
class Told {
 public:
  h3::DriftHook hook() {
    return [this](const Drift& drift) {
      const std::lock_guard lock(mutex_);
      drifts_.push_back({drift.kind, std::string(drift.route)});
    };
  }
  bool about(DriftKind kind, const std::string& route) const {
    const std::lock_guard lock(mutex_);
    for (const auto& [toldKind, toldRoute] : drifts_)
      if (toldKind == kind && toldRoute == route) return true;
    return false;
  }
  void forget() {
    const std::lock_guard lock(mutex_);
    drifts_.clear();
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::pair<DriftKind, std::string>> drifts_;
};

// A tenth of the usual windows: half a minute becomes three seconds.
h3::Config quickConfig(Told& told) {
  h3::Config config = h3::Config::testing();
  config.monitor.windowMs = 50;
  config.monitor.logIntervalMs = 0;
  config.monitor.onDrift = told.hook();
  return config;
}

// Asks for the target 1,000 times a second, in lots of ten, until this is so or the time is up. Paced, since
// a busy machine makes the rate of a lock-step client jump, and with more load a server may be slower.
bool loadUntil(RawClient& client, const std::string& target, std::chrono::milliseconds most,
               const std::function<bool()>& done) {
  const std::string request = requestText("GET", target);
  const auto start = Clock::now();
  for (auto next = start; next < start + most; next += std::chrono::milliseconds(10)) {
    if (done()) return true;
    std::this_thread::sleep_until(next);
    for (int i = 0; i < 10; ++i) (void)client.request(request);
  }
  return done();
}

void spin(std::chrono::nanoseconds time) {
  for (const auto end = Clock::now() + time; Clock::now() < end;) continue;
}

}  // namespace

TEST_CASE("a handler that becomes 10 % slower is reported by a server under load") {
  Told told;
  std::atomic<int> ns{100'000};
  h3::App app;
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/spin/:id", [&ns](h3::Event& event) {
    spin(std::chrono::nanoseconds(ns.load()));
    event.sendView("done", "text/plain");
  });
  const ServedApp served(app, quickConfig(told));
  RawClient client(served.port());
  (void)loadUntil(client, "/spin/1", std::chrono::milliseconds(3'000), [] { return false; });
  told.forget();  // what the machine did to us so far
  ns = 110'000;
  REQUIRE(loadUntil(client, "/spin/1", std::chrono::milliseconds(27'000),
                    [&] { return told.about(DriftKind::latency, "/spin/:id"); }));

  const nlohmann::json json = nlohmann::json::parse(served.get("/metrics.json").body);
  CHECK(json["drift"]["latency"] >= 1);
  CHECK(json["routes"]["GET /spin/:id"]["drift_alarms"] >= 1);
  CHECK(json["routes"]["GET /spin/:id"]["timed"] > 100);
  CHECK(json["routes"]["GET /spin/:id"]["latency_ns"]["p50"] >= 100'000);
  CHECK(json["process"]["resident_bytes"] > 1'000'000);
  const auto families = parseOpenMetrics(served.get("/metrics").body);
  CHECK(families.at("h3_handler_duration_seconds").unit == "seconds");
  CHECK(families.at("h3_route_requests").samples[0].first ==
        "h3_route_requests_total{method=\"GET\",route=\"/spin/:id\"}");
}

TEST_CASE("a handler that leaks 100 bytes a request is reported by a server under load") {
  Told told;
  std::forward_list<std::unique_ptr<char[]>> leaked;  // one worker: no lock
  h3::App app;
  h3::exposeMetrics(app, "/metrics", "/metrics.json");
  app.get("/leak", [&leaked](h3::Event& event) {
    leaked.push_front(std::make_unique<char[]>(84));
    event.sendView("done", "text/plain");
  });
  const ServedApp served(app, quickConfig(told));
  RawClient client(served.port());
  REQUIRE(loadUntil(client, "/leak", std::chrono::milliseconds(30'000),
                    [&] { return told.about(DriftKind::liveBytes, ""); }));
  const nlohmann::json json = nlohmann::json::parse(served.get("/metrics.json").body);
  CHECK(json["drift"]["live_bytes"] == 1);
  CHECK(json["drift"]["live_bytes_per_second"]["low"] > 0);
  CHECK(json["process"]["heap_live_bytes"] > 100'000);
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
