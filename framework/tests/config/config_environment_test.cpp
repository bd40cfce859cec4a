#include <doctest/doctest.h>

#include "config/config_sources.hpp"

using h3::ConfigSources;
using h3::readEnvironment;

TEST_CASE("variables with the prefix are settings, and no others") {
  h3::Config config;
  const auto fields = h3::fieldsOf(config, {});
  const ConfigSources read =
      readEnvironment({"PATH=/bin", "H3_PORT=81", "H3_LIMITS_BODY_BYTES=", "H3_ROUTE_CACHE_WARM_UP=/a,/b",
                       "h3_threads=2", "H3_SERVER_NAME=a=b", "H3_TEST_REACTOR=epoll", "broken"},
                      "H3_", {"H3_TEST_REACTOR"}, fields);
  CHECK(read.problems.empty());
  REQUIRE(read.settings.size() == 4);
  CHECK(read.settings[0].name == "port");
  CHECK(read.settings[0].text == "81");
  CHECK(read.settings[0].origin == "variable H3_PORT");
  CHECK(read.settings[1].text == "");
  CHECK(read.settings[2].texts == std::vector<std::string>{"/a", "/b"});
  CHECK(read.settings[3].text == "a=b");
  CHECK(readEnvironment({"H3_PORT=81"}, "", {}, fields).settings.empty());
  CHECK(readEnvironment({"APP_PORT=81"}, "APP_", {}, fields).settings.size() == 1);
}

TEST_CASE("an unknown variable is a problem with a suggestion") {
  h3::Config config;
  const auto fields = h3::fieldsOf(config, {});
  const ConfigSources read = readEnvironment({"H3_LIMITS_BODYBYTE=1", "H3_XYZZY=1"}, "H3_", {}, fields);
  CHECK(read.settings.empty());
  REQUIRE(read.problems.size() == 2);
  CHECK(read.problems[0] == "variable H3_LIMITS_BODYBYTE: unknown; did you mean H3_LIMITS_BODY_BYTES?");
  CHECK(read.problems[1] == "variable H3_XYZZY: unknown; --help lists all names");
}

TEST_CASE("lists with commas") {
  CHECK(h3::splitList("").empty());
  CHECK(h3::splitList("a") == std::vector<std::string>{"a"});
  CHECK(h3::splitList("a,,b") == std::vector<std::string>{"a", "", "b"});
}
