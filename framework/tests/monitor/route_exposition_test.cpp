#include "monitor/route_exposition.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "h3http/arena.hpp"
#include "open_metrics_text.hpp"

using h3::Monitor;
using namespace h3::test;

TEST_CASE("routes are shown by name, the first that are used, and no more than fit") {
  Monitor monitor;
  std::vector<h3::RouteName> names;
  for (int i = 0; i < 200; ++i) names.push_back({"GET", "/" + std::to_string(i)});
  names[0].pattern = R"~(/:id(\d+)"x")~";
  h3::MonitorState::of(monitor).setRoutes(names, true);
  h3::WorkerCounters& first = h3::MonitorState::of(monitor).addWorker();
  h3::WorkerCounters& second = h3::MonitorState::of(monitor).addWorker();
  for (std::uint32_t row = 1; row <= 200; ++row) {
    (void)first.routes.count(row);
    (void)second.routes.count(row);
    second.routes.end(second.routes.begin(row, 1'000), 3'000, 64);
    const bool fits = h3::MonitorState::of(monitor).board().show(row) != nullptr;
    CHECK(fits == (row <= h3::DriftBoard::kShown));
  }
  h3::MonitorState::of(monitor).board().shown(0).latencyChange.set({0.01, 0.02, 0.03});
  h3::MonitorState::of(monitor).board().alarms(h3::DriftKind::liveBytes).add(2);

  h3::Arena arena;
  const auto families = parseOpenMetrics(monitor.openMetrics(arena));
  const std::string labels = R"~({method="GET",route="/:id(\\d+)\"x\""})~";
  const auto& requests = families.at("h3_route_requests").samples;
  CHECK(requests.size() == h3::DriftBoard::kShown);
  CHECK(requests[0] == std::pair<std::string, double>("h3_route_requests_total" + labels, 2));
  CHECK(families.at("h3_route_latency_change").samples[1].second == 0.02);
  const auto& alarms = families.at("h3_drift_alarms").samples;
  CHECK(alarms[2] == std::pair<std::string, double>("h3_drift_alarms_total{kind=\"live_bytes\"}", 2));

  const nlohmann::json json = nlohmann::json::parse(monitor.json(arena));
  CHECK(json["routes"].size() == h3::DriftBoard::kShown);
  const nlohmann::json& route = json["routes"][R"~(GET /:id(\d+)"x")~"];
  CHECK(route["requests"] == 2);
  CHECK(route["timed"] == 1);
  CHECK(route["arena_bytes_per_request"] == 64);
  CHECK(route["latency_ns"]["mean"] == 2'000);
  CHECK(route["latency_change"]["high"] == 0.03);
  CHECK(json["drift"]["live_bytes"] == 2);
}
