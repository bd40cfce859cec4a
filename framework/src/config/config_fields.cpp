#include "config/config_fields.hpp"

#include <fmt/format.h>

#include <type_traits>
#include <utility>

#include "config/config_text.hpp"

namespace h3 {
namespace {

// Gathers the fields; each function adds one of a type.
class FieldList {
 public:
  template <class T>
  void number(std::string name, T& value, std::string help) {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
    fields_.push_back({std::move(name), ConfigKind::number, std::move(help),
                       std::is_integral_v<T> ? "a whole number" : "a number",
                       [&value](std::string_view text) { return readNumber(text, value); }, nullptr,
                       [&value] { return fmt::to_string(value); }});
  }

  void boolean(std::string name, bool& value, std::string help) {
    fields_.push_back({std::move(name), ConfigKind::boolean, std::move(help), "true or false",
                       [&value](std::string_view text) { return readBoolean(text, value); }, nullptr,
                       [&value] { return value ? "true" : "false"; }});
  }

  void text(std::string name, std::string& value, std::string help) {
    fields_.push_back({std::move(name), ConfigKind::text, std::move(help), "a text",
                       [&value](std::string_view found) {
                         value = found;
                         return true;
                       },
                       nullptr, [&value] { return inQuotes(value); }});
  }

  void mode(std::string name, unsigned& value, std::string help) {
    fields_.push_back({std::move(name), ConfigKind::text, std::move(help), "octal digits, such as \"0660\"",
                       [&value](std::string_view found) { return readOctal(found, value); }, nullptr,
                       [&value] { return fmt::format("\"{:04o}\"", value); }});
  }

  void texts(std::string name, std::vector<std::string>& values, std::string help) {
    fields_.push_back({std::move(name), ConfigKind::list, std::move(help), "a list of texts", nullptr,
                       [&values](std::vector<std::string> found) { values = std::move(found); },
                       [&values] {
                         std::string list;
                         for (const std::string& value : values)
                           list += (list.empty() ? "" : ", ") + inQuotes(value);
                         return '[' + list + ']';
                       }});
  }

  // One of several names: `nameOf(value)` is that of each of `all`.
  template <class T, class NameOf>
  void choice(std::string name, T& value, std::string help, std::vector<T> all, NameOf nameOf) {
    std::string expected;
    for (std::size_t i = 0; i < all.size(); ++i)
      expected.append(i == 0 ? "" : i + 1 == all.size() ? " or " : ", ").append(nameOf(all[i]));
    fields_.push_back({std::move(name), ConfigKind::text, std::move(help), std::move(expected),
                       [&value, all = std::move(all), nameOf](std::string_view found) {
                         for (const T& candidate : all) {
                           if (nameOf(candidate) != found) continue;
                           value = candidate;
                           return true;
                         }
                         return false;
                       },
                       nullptr, [&value, nameOf] { return inQuotes(nameOf(value)); }});
  }

  std::vector<ConfigField> take() { return std::move(fields_); }

 private:
  std::vector<ConfigField> fields_;
};

void addAddresses(FieldList& list, Config& c) {
  list.text("address", c.address, "IPv4, IPv6 or a name such as localhost; \"\" for a unix socket only");
  list.number("port", c.port, "TCP port; 0: the system chooses");
  list.text("unixPath", c.unixPath, "unix socket beside or instead of the TCP port");
  list.mode("unixMode", c.unixMode, "permissions of the unix socket; 0000: as the umask leaves them");
  list.text("unixUser", c.unixUser, "owner of the unix socket, by name");
  list.text("unixGroup", c.unixGroup, "group of the unix socket, by name");
  list.number("threads", c.threads, "workers, each with its own loop, pools and cache");
  list.choice("reactor", c.reactor, "what waits for sockets",
              std::vector{ReactorKind::automatic, ReactorKind::epoll, ReactorKind::ioUring},
              [](ReactorKind kind) { return nameOf(kind); });
  list.text("serverName", c.serverName, "Server field of responses; \"\": none");
  list.boolean("exposeErrors", c.exposeErrors, "a 500 shows the exception's text (development only)");
}

void addLimits(FieldList& list, LimitConfig& c) {
  list.number("limits.targetBytes", c.targetBytes, "request target; 414");
  list.boolean("limits.strictTargets", c.strictTargets, "refuse what browsers send unencoded; 400");
  list.number("limits.headerBytes", c.headerBytes, "all field lines of a request; 431");
  list.number("limits.headerCount", c.headerCount, "field lines of a request; 431");
  list.number("limits.bodyBytes", c.bodyBytes, "request body; 413");
  list.number("limits.connections", c.connections, "of all threads; 503");
  list.number("limits.connectionsPerAddress", c.connectionsPerAddress, "of one client address; 503");
  list.number("limits.pipelineDepth", c.pipelineDepth, "responses gathered before they are written");
  list.number("limits.outputBytes", c.outputBytes, "unsent responses per connection; reading pauses beyond");
  list.number("limits.heldBytes", c.heldBytes, "memory for slow clients; the slowest are reset beyond");
}

void addTimeouts(FieldList& list, TimeoutConfig& c) {
  list.number("timeouts.headerMs", c.headerMs, "first byte of a request to the end of its head; 408");
  list.number("timeouts.bodyGraceMs", c.bodyGraceMs, "how long a request body may stall; 408");
  list.number("timeouts.bodyBytesPerSecond", c.bodyBytesPerSecond, "minimum rate of a request body; 0: none");
  list.number("timeouts.handlerMs", c.handlerMs, "of a handler that responds later; 504. 0: no limit");
  list.number("timeouts.idleMs", c.idleMs, "between two requests of a connection; it is closed");
  list.boolean("timeouts.announceIdle", c.announceIdle, "tell clients idleMs: Keep-Alive: timeout=60");
  list.number("timeouts.writeMs", c.writeMs, "how long a client may take nothing of a response; it is reset");
  list.number("timeouts.writeBytesPerSecond", c.writeBytesPerSecond, "minimum rate of a response; 0: none");
  list.number("timeouts.lingerMs", c.lingerMs, "after a refusal: how long unread bytes are drained");
  list.number("timeouts.drainMs", c.drainMs, "from the start of the drain until open requests are cut off");
  list.number("timeouts.unreadyMs", c.unreadyMs, "from SIGTERM until the drain; /readyz is 503 meanwhile");
}

void addProxyProtocol(FieldList& list, ProxyProtocolConfig& c) {
  list.texts("proxyProtocol.peers", c.peers, "proxies that send PROXY headers; others are closed. None: off");
  list.number("proxyProtocol.headerMs", c.headerMs, "from accept to the end of the PROXY header");
}

void addMemory(FieldList& list, Config& c) {
  using Strategy = AllocationStrategy;
  list.choice("memory.strategy", c.memory.strategy, "how much a worker allocates in advance",
              std::vector{Strategy::minimal, Strategy::balanced, Strategy::performance},
              [](Strategy strategy) { return toString(strategy); });
  list.number("memory.contextKeys", c.memory.contextKeys, "keys that one event may hold");
  list.number("routeCache.entries", c.routeCache.entries, "of each thread's route cache; 0: none");
  list.texts("routeCache.warmUp", c.routeCache.warmUp, "paths to look up before the first request");
  list.number("stringPool.entries", c.stringPool.entries, "of each thread's string pool");
  list.number("stringPool.bytes", c.stringPool.bytes, "of each thread's string pool");
  list.number("blocking.threads", c.blocking.threads, "for h3::blocking(), shared by all workers");
  list.number("blocking.queueCalls", c.blocking.queueCalls, "that wait for one of them; 503 beyond");
}

void addMonitor(FieldList& list, MonitorConfig& c) {
  list.boolean("monitor.enabled", c.enabled, "watch for drift; counters are there anyway");
  list.number("monitor.windowMs", c.windowMs, "detectors see averages over this");
  list.number("monitor.latencyTolerance", c.latencyTolerance, "share by which a handler may get slower");
  list.number("monitor.latencyToleranceNs", c.latencyToleranceNs, "and by this many nanoseconds");
  list.number("monitor.allocationTolerance", c.allocationTolerance, "share by which arena use may rise");
  list.number("monitor.growthToleranceBytes", c.growthToleranceBytes, "by which live bytes may grow");
  list.number("monitor.logIntervalMs", c.logIntervalMs, "at most one line about drift in this time; 0: none");
}

}  // namespace

std::string_view describe(ConfigKind kind) {
  switch (kind) {
    case ConfigKind::boolean:
      return "true or false";
    case ConfigKind::number:
      return "a number";
    case ConfigKind::text:
      return "a text";
    default:
      return "a list of texts";
  }
}

std::vector<ConfigField> fieldsOf(Config& config, const std::vector<OwnSetting>& own) {
  FieldList list;
  addAddresses(list, config);
  addLimits(list, config.limits);
  addTimeouts(list, config.timeouts);
  addProxyProtocol(list, config.proxyProtocol);
  addMemory(list, config);
  addMonitor(list, config.monitor);
  for (const OwnSetting& setting : own) list.text(setting.name, *setting.value, setting.help);
  std::vector<ConfigField> fields = list.take();
  for (std::size_t i = 0; i < own.size(); ++i)
    if (own[i].secret)
      fields[fields.size() - own.size() + i].get = [] { return std::string("\"(secret)\""); };
  return fields;
}

std::string variableName(std::string_view field) {
  std::string name;
  for (const char c : field) {
    if (c >= 'A' && c <= 'Z') name += '_';
    name += c == '.' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

}  // namespace h3
