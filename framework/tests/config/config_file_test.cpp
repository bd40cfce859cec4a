#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "config/config_sources.hpp"

using h3::ConfigKind;
using h3::ConfigSources;
using h3::readConfigText;

namespace {

// The only problem of a text.
std::string problemIn(std::string_view text) {
  const ConfigSources read = readConfigText(text, "f");
  return read.problems.size() == 1 ? read.problems[0] : std::to_string(read.problems.size()) + " problems";
}

}  // namespace

TEST_CASE("settings have the line of their name, and their group's") {
  const ConfigSources read = readConfigText(
      "// a comment\n{\n  \"port\": 8081,\n  \"limits\": {\n    \"bodyBytes\":\n      5, \"strictTargets\": true\n  },\n"
      "  \"routeCache\": {\"warmUp\": [\"/a,b\", \"/c\"]},\n  \"monitor\": {\"latencyTolerance\": 0.25},\n"
      "  \"address\": \"::1\", \"threads\": -1\n}\n",
      "f");
  CHECK(read.problems.empty());
  const struct {
    std::string name, origin, text;
    ConfigKind kind;
  } expected[] = {
      {"port", "f:3", "8081", ConfigKind::number},
      {"limits.bodyBytes", "f:5", "5", ConfigKind::number},
      {"limits.strictTargets", "f:6", "true", ConfigKind::boolean},
      {"routeCache.warmUp", "f:8", "", ConfigKind::list},
      {"monitor.latencyTolerance", "f:9", "0.25", ConfigKind::number},
      {"address", "f:10", "::1", ConfigKind::text},
      {"threads", "f:10", "-1", ConfigKind::number},
  };
  REQUIRE(read.settings.size() == std::size(expected));
  for (std::size_t i = 0; i < std::size(expected); ++i) {
    CAPTURE(expected[i].name);
    CHECK(read.settings[i].name == expected[i].name);
    CHECK(read.settings[i].origin == expected[i].origin);
    CHECK(read.settings[i].text == expected[i].text);
    CHECK((read.settings[i].kind == expected[i].kind));
    CHECK(read.settings[i].typed);
  }
  CHECK(read.settings[3].texts == std::vector<std::string>{"/a,b", "/c"});
}

TEST_CASE("what is no configuration file") {
  CHECK(problemIn("{\"port\": 1, \"port\": 2}") == "f:1: port: given twice");
  CHECK(problemIn("{\n\"port\": null}") == "f:2: port: found null");
  CHECK(problemIn("[1]") == "f:1: found a list, expected an object of fields");
  CHECK(problemIn("\n5") == "f:2: found a single value, expected an object of fields");
  CHECK(problemIn("{\"routeCache\": {\"warmUp\": [1]}}") ==
        "f:1: routeCache.warmUp: found 1 in a list, expected a text");
  CHECK(problemIn("{\"a\": [[]]}") == "f:1: found a list in a list, expected a text");
  CHECK(problemIn("{\"a\": [{\"b\": 1}]}") == "f:1: found an object in a list, expected a text");
  CHECK(problemIn("{\"a\": 1\n\n,,}").starts_with("f:3: no JSON at "));
  CHECK(problemIn("{\"a\": ").starts_with("f:1: no JSON at "));
  CHECK(problemIn("").starts_with("f:1: no JSON at "));
  CHECK(problemIn("{} x").starts_with("f:1: no JSON at "));
  CHECK(problemIn("{\"a\": \"\xff\"}").starts_with("f:1: no JSON at "));
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"a\":";
  CHECK(problemIn(deep) == "f:1: nested deeper than any field");
}

TEST_CASE("a file that cannot be read, or is too long") {
  const ConfigSources missing = h3::readConfigFile("/nonexistent/server.json");
  REQUIRE(missing.problems.size() == 1);
  CHECK(
      missing.problems[0].starts_with("/nonexistent/server.json: cannot be read: No such file or directory"));
  const std::string path = "config_file_test.json";
  std::ofstream(path) << std::string(h3::kMaxConfigBytes + 1, ' ');
  const ConfigSources tooLong = h3::readConfigFile(path);
  REQUIRE(tooLong.problems.size() == 1);
  CHECK(tooLong.problems[0] == path + ": found more than 1048576 bytes");
  std::ofstream(path) << "{\"port\": 1}";
  CHECK(h3::readConfigFile(path).settings.size() == 1);
  std::remove(path.c_str());
}
