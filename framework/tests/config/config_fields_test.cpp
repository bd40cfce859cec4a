#include "config/config_fields.hpp"

#include <doctest/doctest.h>

#include <boost/pfr/tuple_size.hpp>
#include <set>

using h3::Config;
using h3::ConfigField;
using h3::ConfigKind;

namespace {

// How many fields the names of a group have; "" for those without a group.
std::size_t fieldsIn(const std::vector<ConfigField>& fields, const std::string& group) {
  std::size_t count = 0;
  for (const ConfigField& field : fields) {
    const std::size_t dot = field.name.find('.');
    if ((dot == std::string::npos ? "" : field.name.substr(0, dot)) == group) ++count;
  }
  return count;
}

constexpr std::size_t kGroups =
    8;  // limits, timeouts, proxyProtocol, memory, routeCache, stringPool, blocking, monitor

}  // namespace

TEST_CASE("every field of Config has a name: a new one needs a line here") {
  Config config;
  const auto fields = h3::fieldsOf(config, {});
  CHECK(fieldsIn(fields, "") + kGroups == boost::pfr::tuple_size_v<Config>);
  CHECK(fieldsIn(fields, "limits") == boost::pfr::tuple_size_v<h3::LimitConfig>);
  CHECK(fieldsIn(fields, "timeouts") == boost::pfr::tuple_size_v<h3::TimeoutConfig>);
  CHECK(fieldsIn(fields, "proxyProtocol") == boost::pfr::tuple_size_v<h3::ProxyProtocolConfig>);
  CHECK(fieldsIn(fields, "memory") == boost::pfr::tuple_size_v<h3::MemoryConfig>);
  CHECK(fieldsIn(fields, "routeCache") == boost::pfr::tuple_size_v<h3::RouteCacheConfig>);
  CHECK(fieldsIn(fields, "stringPool") == boost::pfr::tuple_size_v<h3::StringPoolConfig>);
  CHECK(fieldsIn(fields, "blocking") == boost::pfr::tuple_size_v<h3::BlockingConfig>);
  CHECK(fieldsIn(fields, "monitor") + 1 == boost::pfr::tuple_size_v<h3::MonitorConfig>);  // onDrift is code
}

TEST_CASE("each field is set, read back, and is one of its own") {
  Config config;
  const auto fields = h3::fieldsOf(config, {});
  std::set<std::string> names, variables;
  for (const ConfigField& field : fields) {
    CAPTURE(field.name);
    CHECK(names.insert(field.name).second);
    CHECK(variables.insert(h3::variableName(field.name)).second);
    CHECK_FALSE(field.help.empty());
    std::vector<std::string> before;
    before.reserve(fields.size());
    for (const ConfigField& other : fields) before.push_back(other.get());
    if (field.kind == ConfigKind::list) {
      field.setList({"/a", "/b"});
      CHECK(field.get() == R"(["/a", "/b"])");
    } else {
      std::string text = field.kind == ConfigKind::boolean ? (field.get() == "true" ? "false" : "true") : "7";
      if (field.name == "reactor") text = "io_uring";
      if (field.name == "memory.strategy") text = "minimal";
      CHECK(field.set(text));
      if (field.kind == ConfigKind::text)
        text = field.name == "unixMode" ? "\"0007\"" : std::string(1, '"').append(text).append("\"");
      CHECK(field.get() == text);
    }
    std::size_t changed = 0;
    for (std::size_t i = 0; i < fields.size(); ++i) changed += fields[i].get() != before[i] ? 1 : 0;
    CHECK(changed == 1);
  }
}

TEST_CASE("texts that are none of the field's are refused") {
  Config config;
  for (const ConfigField& field : h3::fieldsOf(config, {})) {
    CAPTURE(field.name);
    const bool anything = field.kind == ConfigKind::list || field.expected == "a text";
    if (anything) continue;
    const std::string before = field.get();
    CHECK_FALSE(field.set("nonsense"));
    CHECK(field.get() == before);
  }
}

TEST_CASE("names of variables") {
  CHECK(h3::variableName("port") == "PORT");
  CHECK(h3::variableName("limits.bodyBytes") == "LIMITS_BODY_BYTES");
  CHECK(h3::variableName("monitor.latencyToleranceNs") == "MONITOR_LATENCY_TOLERANCE_NS");
}

TEST_CASE("the program's own settings") {
  Config config;
  std::string database = "a.db", key = "k";
  const auto fields =
      h3::fieldsOf(config, {{"database", "where notes are", &database}, {"key", "a secret", &key, true}});
  REQUIRE(fields[fields.size() - 2].name == "database");
  CHECK(fields[fields.size() - 2].set("b.db"));
  CHECK(database == "b.db");
  CHECK(fields.back().get() == "\"(secret)\"");
}
