#include <doctest/doctest.h>

#include "config/config_sources.hpp"

using h3::ConfigArguments;
using h3::readArguments;

namespace {

ConfigArguments readWith(const std::vector<std::string>& arguments) {
  static h3::Config config;
  return readArguments(arguments, h3::fieldsOf(config, {}));
}

}  // namespace

TEST_CASE("options with a value behind them or after '='") {
  const ConfigArguments read =
      readWith({"--port", "81", "--limits.bodyBytes=5", "--serverName=", "--address", "-1", "--exposeErrors",
                "--monitor.enabled=no", "--routeCache.warmUp", "/a,/b"});
  CHECK(read.problems.empty());
  REQUIRE(read.settings.size() == 7);
  CHECK(read.settings[0].name == "port");
  CHECK(read.settings[0].text == "81");
  CHECK(read.settings[0].origin == "option --port");
  CHECK(read.settings[1].text == "5");
  CHECK(read.settings[2].text == "");
  CHECK(read.settings[3].text == "-1");
  CHECK(read.settings[4].text == "true");
  CHECK(read.settings[5].text == "no");
  CHECK(read.settings[6].texts == std::vector<std::string>{"/a", "/b"});
  CHECK_FALSE(read.help);
}

TEST_CASE("help and print-config") {
  CHECK(readWith({"--help"}).help);
  CHECK(readWith({"-h"}).help);
  CHECK(readWith({"--port", "1", "--print-config"}).print);
}

TEST_CASE("what is no option") {
  const ConfigArguments read =
      readWith({"file.json", "--prot=1", "--ports", "81", "--port", "--threads", "2", "-p"});
  REQUIRE(read.problems.size() == 5);
  CHECK(read.problems[0] == "argument \"file.json\": unexpected; options begin with --");
  CHECK(read.problems[1] == "option --prot: unknown; did you mean --port?");
  CHECK(read.problems[2] == "option --ports: unknown; did you mean --port?");
  CHECK(read.problems[3] == "option --port: found no value, expected a whole number");
  CHECK(read.problems[4] == "argument \"-p\": unexpected; options begin with --");
  CHECK(read.settings.size() == 1);
}
