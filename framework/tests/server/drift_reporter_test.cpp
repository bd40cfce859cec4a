#include "server/drift_reporter.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

using h3::Drift;
using h3::DriftBoard;
using h3::DriftKind;
using h3::MonitorState;

namespace {

constexpr std::uint64_t kWindowNs = 50'000'000;
constexpr std::uint64_t kRequests = 50;  // a window
constexpr std::uint32_t kRow = 1;

struct Reported {
  DriftKind kind;
  std::string route;
  double change;
};

// One worker with one route, and windows that end when the test says so.
class Watched {
 public:
  /// Windows whose handlers take this long, give or take 1 %, and leak this much per request.
  void serve(std::uint64_t windows, std::uint64_t handlerNs, std::uint64_t leakedBytes = 0) {
    for (std::uint64_t i = 0; i < windows; ++i) {
      const std::uint64_t takesNs = handlerNs / 100 * (99 + i % 3);
      for (std::uint64_t request = 0; request < kRequests; ++request) respond(takesNs, leakedBytes);
      reporter_.endWindow(nowNs_);
    }
  }

  const DriftBoard& board() const { return state_.board(); }
  std::vector<Reported> reported;
  bool hookThrows = false;

 private:
  static h3::WorkerCounters& addWorker(MonitorState& state) {
    state.setRoutes({{"GET", "/users/:id"}}, true);
    return state.addWorker();
  }
  void respond(std::uint64_t handlerNs, std::uint64_t leakedBytes) {
    nowNs_ += kWindowNs / kRequests;
    worker_.heapLiveBytes.add(leakedBytes);
    if (worker_.routes.count(kRow))
      worker_.routes.end(worker_.routes.begin(kRow, nowNs_), nowNs_ + handlerNs, 0);
  }
  h3::MonitorConfig config() {
    h3::MonitorConfig config;
    config.windowMs = kWindowNs / 1'000'000;
    config.logIntervalMs = 0;
    config.onDrift = [this](const Drift& drift) {
      reported.push_back({drift.kind, std::string(drift.route), drift.change});
      if (hookThrows && reported.size() == 1) throw std::runtime_error("on purpose");
      if (hookThrows) throw 1;
    };
    return config;
  }

  h3::Monitor monitor_;
  MonitorState& state_ = MonitorState::of(monitor_);
  h3::WorkerCounters& worker_ = addWorker(state_);
  const h3::MonitorConfig config_ = config();
  std::uint64_t nowNs_ = 1'000'000'000;
  h3::server::DriftReporter reporter_{state_, config_};
};

}  // namespace

TEST_CASE("a handler that becomes 10 % slower is reported once, to the hook and on the board") {
  Watched server;
  server.serve(60, 100'000);
  CHECK(server.reported.empty());
  REQUIRE(server.board().shownCount() == 1);
  const h3::ShownRoute& shown = server.board().shown(0);
  CHECK(shown.row.read() == kRow);
  CHECK(shown.latencyChange.read().low < 0);
  CHECK(shown.latencyChange.read().high > 0);
  CHECK(server.board().residentBytes.read() > 1'000'000);

  server.serve(60, 110'000);
  REQUIRE(server.reported.size() == 1);
  CHECK((server.reported[0].kind == DriftKind::latency));
  CHECK(server.reported[0].route == "/users/:id");
  CHECK(server.reported[0].change > 0.05);
  CHECK(server.reported[0].change < 0.12);
  CHECK(shown.alarms.read() == 1);
  CHECK(server.board().alarms(DriftKind::latency).read() == 1);
  CHECK(server.board().alarms(DriftKind::liveBytes).read() == 0);
}

TEST_CASE("heaps of threads that grow are reported once, without a route") {
  Watched server;
  server.serve(100, 100'000, 100);
  REQUIRE(server.reported.size() == 1);
  CHECK((server.reported[0].kind == DriftKind::liveBytes));
  CHECK(server.reported[0].route.empty());
  CHECK(server.board().alarms(DriftKind::liveBytes).read() == 1);
  CHECK(server.board().liveBytesTrend.read().estimate == doctest::Approx(100'000).epsilon(0.1));
  CHECK(server.board().heapLiveBytes.read() > 100 * kRequests * 100);
  CHECK(server.board().shown(0).alarms.read() == 0);  // not the route's
}

TEST_CASE("a hook that throws is called for the next drift too") {
  Watched server;
  server.hookThrows = true;
  server.serve(60, 100'000);
  server.serve(60, 120'000);
  server.serve(60, 150'000);
  CHECK(server.reported.size() == 2);
}
