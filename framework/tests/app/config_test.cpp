#include "h3http/config.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <string>

using h3::Config;
using h3::ConfigError;

namespace {

struct Limit {
  std::string field;
  std::function<void(Config&, std::uint64_t)> set;
  std::uint64_t low;
  std::uint64_t high;
};

constexpr std::uint64_t kKiB = 1024, kMiB = 1024 * 1024, kDayMs = 86'400'000;

const Limit kLimits[] = {
    {"threads", [](Config& c, std::uint64_t n) { c.threads = static_cast<unsigned>(n); }, 1, 256},
    {"limits.targetBytes", [](Config& c, std::uint64_t n) { c.limits.targetBytes = n; }, 256, 64 * kKiB},
    {"limits.headerBytes", [](Config& c, std::uint64_t n) { c.limits.headerBytes = n; }, kKiB, 256 * kKiB},
    {"limits.headerCount", [](Config& c, std::uint64_t n) { c.limits.headerCount = n; }, 8, 100},
    {"limits.bodyBytes", [](Config& c, std::uint64_t n) { c.limits.bodyBytes = n; }, 0, 16 * kMiB},
    {"limits.connections", [](Config& c, std::uint64_t n) { c.limits.connections = n; }, 1, 1'000'000},
    {"limits.connectionsPerAddress", [](Config& c, std::uint64_t n) { c.limits.connectionsPerAddress = n; },
     1, 1'000'000},
    {"limits.pipelineDepth", [](Config& c, std::uint64_t n) { c.limits.pipelineDepth = n; }, 1, 1024},
    {"limits.outputBytes", [](Config& c, std::uint64_t n) { c.limits.outputBytes = n; }, 4 * kKiB, 16 * kMiB},
    {"limits.heldBytes", [](Config& c, std::uint64_t n) { c.limits.heldBytes = n; }, kMiB, kMiB* kMiB},
    {"timeouts.headerMs",
     [](Config& c, std::uint64_t n) { c.timeouts.headerMs = static_cast<std::uint32_t>(n); }, 1, kDayMs},
    {"timeouts.bodyGraceMs",
     [](Config& c, std::uint64_t n) { c.timeouts.bodyGraceMs = static_cast<std::uint32_t>(n); }, 1, kDayMs},
    {"timeouts.bodyBytesPerSecond",
     [](Config& c, std::uint64_t n) { c.timeouts.bodyBytesPerSecond = static_cast<std::uint32_t>(n); }, 0,
     1'000'000'000},
    {"timeouts.writeBytesPerSecond",
     [](Config& c, std::uint64_t n) { c.timeouts.writeBytesPerSecond = static_cast<std::uint32_t>(n); }, 0,
     1'000'000'000},
    {"timeouts.handlerMs",
     [](Config& c, std::uint64_t n) { c.timeouts.handlerMs = static_cast<std::uint32_t>(n); }, 0, kDayMs},
    {"timeouts.idleMs", [](Config& c, std::uint64_t n) { c.timeouts.idleMs = static_cast<std::uint32_t>(n); },
     1, kDayMs},
    {"timeouts.writeMs",
     [](Config& c, std::uint64_t n) { c.timeouts.writeMs = static_cast<std::uint32_t>(n); }, 1, kDayMs},
    {"timeouts.lingerMs",
     [](Config& c, std::uint64_t n) { c.timeouts.lingerMs = static_cast<std::uint32_t>(n); }, 1, 60'000},
    {"timeouts.drainMs",
     [](Config& c, std::uint64_t n) { c.timeouts.drainMs = static_cast<std::uint32_t>(n); }, 1, kDayMs},
    {"timeouts.unreadyMs",
     [](Config& c, std::uint64_t n) { c.timeouts.unreadyMs = static_cast<std::uint32_t>(n); }, 0, kDayMs},
    {"proxyProtocol.headerMs",
     [](Config& c, std::uint64_t n) { c.proxyProtocol.headerMs = static_cast<std::uint32_t>(n); }, 1, 60'000},
    {"blocking.threads", [](Config& c, std::uint64_t n) { c.blocking.threads = static_cast<unsigned>(n); }, 1,
     256},
    {"blocking.queueCalls", [](Config& c, std::uint64_t n) { c.blocking.queueCalls = n; }, 0, 1'000'000},
    {"memory.contextKeys", [](Config& c, std::uint64_t n) { c.memory.contextKeys = n; }, 16, 65'536},
    {"routeCache.entries", [](Config& c, std::uint64_t n) { c.routeCache.entries = n; }, 0, 1'000'000},
    {"stringPool.entries", [](Config& c, std::uint64_t n) { c.stringPool.entries = n; }, 0, 1'000'000},
};

// What validate() complains about; "" when it does not.
std::string complaint(const Config& config) {
  try {
    config.validate();
    return {};
  } catch (const ConfigError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("both sides of each limit") {
  for (const Limit& limit : kLimits) {
    CAPTURE(limit.field);
    Config config;
    limit.set(config, limit.low);
    CHECK(complaint(config) == "");
    limit.set(config, limit.high);
    CHECK(complaint(config) == "");
    const std::string expected =
        "expected " + std::to_string(limit.low) + " to " + std::to_string(limit.high);
    limit.set(config, limit.high + 1);
    CHECK(complaint(config) == "configuration:\n  " + std::string(limit.field) + ": found " +
                                   std::to_string(limit.high + 1) + ", " + expected);
    if (limit.low == 0) continue;
    limit.set(config, limit.low - 1);
    CHECK(complaint(config) == "configuration:\n  " + std::string(limit.field) + ": found " +
                                   std::to_string(limit.low - 1) + ", " + expected);
  }
}

TEST_CASE("texts") {
  const struct {
    std::string field;
    std::function<void(Config&)> change;
    bool good;
  } cases[] = {
      {"address", [](Config& c) { c.address = ""; }, false},
      {"address", [](Config& c) { c.address = "", c.unixPath = "/run/x"; }, true},
      {"unixPath", [](Config& c) { c.unixPath = std::string(107, 'x'); }, true},
      {"unixPath", [](Config& c) { c.unixPath = std::string(108, 'x'); }, false},
      {"serverName", [](Config& c) { c.serverName = "h3/0.1 (test)"; }, true},
      {"serverName", [](Config& c) { c.serverName = "a\r\nX-Evil: 1"; }, false},
      {"serverName", [](Config& c) { c.serverName = "a\nb"; }, false},
      {"serverName", [](Config& c) { c.serverName = std::string("a\0b", 3); }, false},
      {"serverName", [](Config& c) { c.serverName = "a\x1b[31m"; }, false},
      {"serverName", [](Config& c) { c.serverName = "a\x7f"; }, false},
      {"proxyProtocol.peers",
       [](Config& c) {
         c.proxyProtocol.peers = {"10.0.0.0/8", "::1"};
       },
       true},
      {"proxyProtocol.peers: found \"10.0.0.1/8\"", [](Config& c) { c.proxyProtocol.peers = {"10.0.0.1/8"}; },
       false},
      {"proxyProtocol.peers", [](Config& c) { c.proxyProtocol.peers = {"unix"}, c.unixPath = "/s"; }, true},
      {"proxyProtocol.peers: found \"unix\" without a unixPath",
       [](Config& c) { c.proxyProtocol.peers = {"unix"}; }, false},
      {"proxyProtocol.peers: found addresses without a TCP port",
       [](Config& c) { c.proxyProtocol.peers = {"::1"}, c.address = "", c.unixPath = "/s"; }, false},
      {"routeCache.warmUp",
       [](Config& c) {
         c.routeCache.entries = 8;
         c.routeCache.warmUp = {"/", "/a/b"};
       },
       true},
      {"routeCache.warmUp",
       [](Config& c) {
         c.routeCache.entries = 8;
         c.routeCache.warmUp = {"/", "a"};
       },
       false},
      {"routeCache.warmUp", [](Config& c) { c.routeCache.entries = 8, c.routeCache.warmUp = {""}; }, false},
      {"routeCache.warmUp", [](Config& c) { c.routeCache.entries = 8, c.routeCache.warmUp = {"/%c3"}; },
       false},
      {"routeCache.warmUp", [](Config& c) { c.routeCache.warmUp = {"/"}; }, false},  // no cache to warm
      {"unixMode",
       [](Config& c) {
         c.unixPath = "/s";
         c.unixMode = 0777;
       },
       true},
      {"unixMode: found 01000",
       [](Config& c) {
         c.unixPath = "/s";
         c.unixMode = 01000;
       },
       false},
      {"unixPath", [](Config& c) { c.unixMode = 0600; }, false},
      {"unixPath", [](Config& c) { c.unixUser = "root"; }, false},
      {"unixPath", [](Config& c) { c.unixGroup = "root"; }, false},
      {"stringPool.bytes", [](Config& c) { c.stringPool.bytes = 256 * 1024 * 1024; }, true},
      {"stringPool.bytes", [](Config& c) { c.stringPool.bytes = 256 * 1024 * 1024 + 1; }, false},
  };
  for (const auto& text : cases) {
    CAPTURE(text.field);
    Config config;
    text.change(config);
    const std::string found = complaint(config);
    CAPTURE(found);
    CHECK(found.empty() == text.good);
    if (!text.good) CHECK(found.find(text.field) != std::string::npos);
  }
}

TEST_CASE("all wrong fields are reported together") {
  Config config;
  config.threads = 0;
  config.limits.headerCount = 1;
  config.timeouts.lingerMs = 0;
  const std::string found = complaint(config);
  for (const std::string field : {"threads", "limits.headerCount", "timeouts.lingerMs"}) {
    CAPTURE(field);
    CHECK(found.find(field) != std::string::npos);
  }
}

TEST_CASE("presets are valid and found by name") {
  for (const std::string name : {"development", "production", "testing"}) {
    CAPTURE(name);
    CHECK(complaint(Config::preset(name)) == "");
  }
  CHECK(complaint(Config()) == "");
  CHECK(Config::preset("development").exposeErrors);
  CHECK_FALSE(Config::preset("production").exposeErrors);
  CHECK((Config::preset("production").memory.strategy == h3::AllocationStrategy::performance));
  CHECK(Config::preset("testing").port == 0);
  CHECK_THROWS_AS(Config::preset("prod"), ConfigError);
  CHECK_THROWS_AS(Config::preset(""), ConfigError);
}
