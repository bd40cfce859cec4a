#include "h3http/drift.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "h3http/config.hpp"

using h3::Drift;
using h3::DriftKind;

namespace {

Drift slower() {
  Drift drift;
  drift.kind = DriftKind::latency;
  drift.method = "GET";
  drift.route = "/users/:id";
  drift.before = 41'520;
  drift.after = 45'700;
  drift.change = 0.1007;
  drift.changeLow = 0.0612;
  drift.changeHigh = 0.1444;
  return drift;
}

}  // namespace

TEST_CASE("a drift as a line of log") {
  Drift drift = slower();
  CHECK(toString(drift) == "drift: GET /users/:id takes 10.1 % longer (6.1 to 14.4 %): 41.5 us -> 45.7 us");
  drift.method = drift.route = "";
  CHECK(toString(drift) ==
        "drift: requests without a route takes 10.1 % longer (6.1 to 14.4 %): 41.5 us -> 45.7 us");
  drift = slower();
  drift.kind = DriftKind::allocation;
  drift.before = 700;
  drift.after = 2'048;
  CHECK(toString(drift) == "drift: GET /users/:id takes 10.1 % more memory (6.1 to 14.4 %): 700 B -> 2 KiB");
}

TEST_CASE("growth as a line of log, bounds that mean nothing included") {
  Drift drift;
  drift.kind = DriftKind::liveBytes;
  drift.before = 20.0 * 1024 * 1024;
  drift.after = 22.5 * 1024 * 1024;
  drift.bytesPerSecond = 128 * 1024;
  drift.bytesPerSecondLow = 100 * 1024;
  drift.bytesPerSecondHigh = INFINITY;
  drift.seconds = 19;
  CHECK(toString(drift) ==
        "drift: live bytes grow by 128 KiB/s (100 KiB/s to ?/s): 20 MiB -> 22.5 MiB in 19 s");
}

TEST_CASE("the monitor's configuration is checked") {
  const struct {
    std::string field;
    void (*spoil)(h3::MonitorConfig&);
  } cases[] = {
      {"monitor.windowMs", [](h3::MonitorConfig& monitor) { monitor.windowMs = 9; }},
      {"monitor.windowMs", [](h3::MonitorConfig& monitor) { monitor.windowMs = 60'001; }},
      {"monitor.latencyTolerance", [](h3::MonitorConfig& monitor) { monitor.latencyTolerance = 0; }},
      {"monitor.latencyTolerance", [](h3::MonitorConfig& monitor) { monitor.latencyTolerance = NAN; }},
      {"monitor.latencyToleranceNs",
       [](h3::MonitorConfig& monitor) { monitor.latencyToleranceNs = 1'000'000'001; }},
      {"monitor.allocationTolerance", [](h3::MonitorConfig& monitor) { monitor.allocationTolerance = 11; }},
      {"monitor.growthToleranceBytes", [](h3::MonitorConfig& monitor) { monitor.growthToleranceBytes = 0; }},
  };
  for (const auto& one : cases) {
    CAPTURE(one.field);
    h3::Config config;
    one.spoil(config.monitor);
    try {
      config.validate();
      FAIL("accepted");
    } catch (const h3::ConfigError& error) {
      CHECK(std::string(error.what()).find(one.field + ": found") != std::string::npos);
    }
  }
  CHECK_NOTHROW(h3::Config().validate());
}
