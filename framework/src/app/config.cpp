#include "h3http/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/config_problems.hpp"
#include "http/canonical_path.hpp"
#include "http/control_bytes.hpp"
#include "http/peer_list.hpp"

namespace h3 {
namespace {

// Collects all wrong fields, so that one run reports them all.
class Checker {
 public:
  template <class T>
  void range(const char* field, T found, T low, T high) {
    if (!(found >= low && found <= high))  // also true for NaN
      report(field, fmt::to_string(found), fmt::format("{} to {}", low, high));
  }

  void path(const char* field, const std::string& found) {
    const std::string problem = problemOfPath(found);
    if (!problem.empty()) report(field, '"' + found + '"', "a path as Event::path() has it: " + problem);
  }

  void report(const char* field, const std::string& found, const std::string& expected) {
    problems_.push_back({field, found, expected});
  }

  std::vector<ConfigProblem> take() { return std::move(problems_); }

 private:
  std::vector<ConfigProblem> problems_;
};

void checkLimits(Checker& check, const LimitConfig& limits) {
  check.range<std::size_t>("limits.targetBytes", limits.targetBytes, 256, 64 * 1024);
  check.range<std::size_t>("limits.headerBytes", limits.headerBytes, 1024, 256 * 1024);
  check.range<std::size_t>("limits.headerCount", limits.headerCount, 8, 100);
  check.range<std::uint64_t>("limits.bodyBytes", limits.bodyBytes, 0, 16 * 1024 * 1024);
  check.range<std::size_t>("limits.connections", limits.connections, 1, 1'000'000);
  check.range<std::size_t>("limits.connectionsPerAddress", limits.connectionsPerAddress, 1, 1'000'000);
  check.range<std::size_t>("limits.pipelineDepth", limits.pipelineDepth, 1, 1024);
  check.range<std::size_t>("limits.outputBytes", limits.outputBytes, 4096, 16 * 1024 * 1024);
  check.range<std::size_t>("limits.heldBytes", limits.heldBytes, 1024 * 1024, std::size_t{1} << 40);
}

void checkTimeouts(Checker& check, const TimeoutConfig& timeouts) {
  constexpr std::uint32_t kDayMs = 86'400'000;
  constexpr std::uint32_t kMaxRate = 1'000'000'000;
  check.range<std::uint32_t>("timeouts.headerMs", timeouts.headerMs, 1, kDayMs);
  check.range<std::uint32_t>("timeouts.bodyGraceMs", timeouts.bodyGraceMs, 1, kDayMs);
  check.range<std::uint32_t>("timeouts.bodyBytesPerSecond", timeouts.bodyBytesPerSecond, 0, kMaxRate);
  check.range<std::uint32_t>("timeouts.handlerMs", timeouts.handlerMs, 0, kDayMs);
  check.range<std::uint32_t>("timeouts.idleMs", timeouts.idleMs, 1, kDayMs);
  check.range<std::uint32_t>("timeouts.writeMs", timeouts.writeMs, 1, kDayMs);
  check.range<std::uint32_t>("timeouts.writeBytesPerSecond", timeouts.writeBytesPerSecond, 0, kMaxRate);
  check.range<std::uint32_t>("timeouts.lingerMs", timeouts.lingerMs, 1, 60'000);
  check.range<std::uint32_t>("timeouts.drainMs", timeouts.drainMs, 1, kDayMs);
  check.range<std::uint32_t>("timeouts.unreadyMs", timeouts.unreadyMs, 0, kDayMs);
}

void checkAddresses(Checker& check, const Config& config) {
  const std::string& unixPath = config.unixPath;
  if (config.address.empty() && unixPath.empty())
    check.report("address", "\"\"", "an address, or a unixPath beside it");
  if (unixPath.size() > 107)
    check.report("unixPath", fmt::format("{} bytes", unixPath.size()), "at most 107 bytes");
  if (config.unixMode > 0777) check.report("unixMode", fmt::format("{:#o}", config.unixMode), "0 to 0777");
  const bool hasAccess = config.unixMode != 0 || !config.unixUser.empty() || !config.unixGroup.empty();
  if (unixPath.empty() && hasAccess)
    check.report("unixPath", "\"\" beside unixMode, unixUser or unixGroup", "a path, or none of these");
}

void checkProxyProtocol(Checker& check, const Config& config) {
  const ProxyProtocolConfig& proxies = config.proxyProtocol;
  check.range<std::uint32_t>("proxyProtocol.headerMs", proxies.headerMs, 1, 60'000);
  PeerList peers;
  for (const std::string& peer : proxies.peers)
    if (!peers.add(peer))
      check.report("proxyProtocol.peers", '"' + peer + '"', std::string(PeerList::kExpected));
  if (peers.hasUnix() && config.unixPath.empty())
    check.report("proxyProtocol.peers", "\"unix\" without a unixPath", "addresses, or a unixPath beside it");
  if (peers.hasNetworks() && config.address.empty())
    check.report("proxyProtocol.peers", "addresses without a TCP port",
                 "\"unix\", or an address beside them");
}

void checkCaches(Checker& check, const Config& config) {
  const RouteCacheConfig& routes = config.routeCache;
  check.range<std::size_t>("routeCache.entries", routes.entries, 0, 1'000'000);
  if (routes.entries == 0 && !routes.warmUp.empty())
    check.report("routeCache.warmUp", fmt::format("{} paths", routes.warmUp.size()),
                 "none, as routeCache.entries is 0");
  for (const std::string& path : routes.warmUp) check.path("routeCache.warmUp", path);
  check.range<std::size_t>("stringPool.entries", config.stringPool.entries, 0, 1'000'000);
  check.range<std::size_t>("stringPool.bytes", config.stringPool.bytes, 0, 256 * 1024 * 1024);
}

void checkMonitor(Checker& check, const MonitorConfig& monitor) {
  check.range<std::uint32_t>("monitor.windowMs", monitor.windowMs, 10, 60'000);
  check.range<double>("monitor.latencyTolerance", monitor.latencyTolerance, 0.01, 10);
  check.range<std::uint32_t>("monitor.latencyToleranceNs", monitor.latencyToleranceNs, 0, 1'000'000'000);
  check.range<double>("monitor.allocationTolerance", monitor.allocationTolerance, 0.01, 10);
  check.range<std::size_t>("monitor.growthToleranceBytes", monitor.growthToleranceBytes, 1,
                           std::size_t{1} << 40);
}

}  // namespace

ReactorKind reactorKind(std::string_view name) {
  for (const ReactorKind kind : {ReactorKind::automatic, ReactorKind::epoll, ReactorKind::ioUring})
    if (name == nameOf(kind)) return kind;
  throw ConfigError(fmt::format("reactor: found \"{}\", expected automatic, epoll or io_uring", name));
}

std::string_view nameOf(ReactorKind kind) {
  switch (kind) {
    case ReactorKind::epoll:
      return "epoll";
    case ReactorKind::ioUring:
      return "io_uring";
    default:
      return "automatic";
  }
}

Config Config::development() {
  Config config;
  config.exposeErrors = true;
  config.memory.strategy = AllocationStrategy::minimal;
  return config;
}

Config Config::production() {
  Config config;
  config.memory.strategy = AllocationStrategy::performance;
  return config;
}

Config Config::testing() {
  Config config;
  config.port = 0;
  config.exposeErrors = true;
  config.memory.strategy = AllocationStrategy::minimal;
  config.limits.connections = 256;
  config.limits.connectionsPerAddress = 256;
  config.timeouts.drainMs = 2'000;
  return config;
}

Config Config::preset(std::string_view name) {
  if (name == "development") return development();
  if (name == "production") return production();
  if (name == "testing") return testing();
  throw ConfigError(fmt::format("preset: found \"{}\", expected development, production or testing", name));
}

std::vector<ConfigProblem> problemsOf(const Config& config) {
  Checker check;
  checkAddresses(check, config);
  check.range<unsigned>("threads", config.threads, 1, 256);
  if (std::any_of(config.serverName.begin(), config.serverName.end(), isControlByte))
    check.report("serverName", "a control byte", "visible text");
  checkLimits(check, config.limits);
  checkTimeouts(check, config.timeouts);
  checkProxyProtocol(check, config);
  check.range<std::size_t>("memory.contextKeys", config.memory.contextKeys, 16, 65'536);
  checkCaches(check, config);
  check.range<unsigned>("blocking.threads", config.blocking.threads, 1, 256);
  check.range<std::size_t>("blocking.queueCalls", config.blocking.queueCalls, 0, 1'000'000);
  checkMonitor(check, config.monitor);
  return check.take();
}

void Config::validate() const {
  std::string problems;
  for (const ConfigProblem& problem : problemsOf(*this))
    problems += fmt::format("\n  {}: found {}, expected {}", problem.field, problem.found, problem.expected);
  if (!problems.empty()) throw ConfigError("configuration:" + problems);
}

}  // namespace h3
