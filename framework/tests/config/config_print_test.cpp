#include "config/config_print.hpp"

#include <doctest/doctest.h>

#include "config/config_sources.hpp"

TEST_CASE("the printed configuration is a file that reads as the same") {
  h3::Config config = h3::Config::development();
  config.serverName = "a \"b\"";
  config.routeCache.warmUp = {"/x", "/y"};
  std::string own = "mine";
  const auto fields = h3::fieldsOf(config, {{"own", "of the program", &own}});
  std::map<std::string, std::string> origins;
  for (const auto& field : fields) origins[field.name] = "from " + field.name;
  const std::string text = h3::configText(fields, origins);
  CAPTURE(text);
  CHECK(text.find("    \"bodyBytes\": 1048576,  // from limits.bodyBytes\n") != std::string::npos);
  CHECK(text.ends_with("  \"own\": \"mine\"  // from own\n}\n"));

  const h3::ConfigSources read = h3::readConfigText(text, "f");
  CHECK(read.problems.empty());
  REQUIRE(read.settings.size() == fields.size());
  h3::Config again;
  std::string ownAgain;
  const auto copies = h3::fieldsOf(again, {{"own", "of the program", &ownAgain}});
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CAPTURE(fields[i].name);
    CHECK(read.settings[i].name == fields[i].name);
    CHECK((read.settings[i].kind == fields[i].kind));
    if (fields[i].setList) {
      copies[i].setList(read.settings[i].texts);
    } else {
      CHECK(copies[i].set(read.settings[i].text));
    }
    CHECK(copies[i].get() == fields[i].get());
  }
}

TEST_CASE("help has each field once, with its variable") {
  h3::Config config;
  const auto fields = h3::fieldsOf(config, {});
  const std::string text = h3::helpText(fields, "APP_");
  CHECK(text.find("  --limits.bodyBytes  APP_LIMITS_BODY_BYTES\n      request body; 413 [1048576]\n") !=
        std::string::npos);
  CHECK(h3::helpText(fields, "").find("APP_") == std::string::npos);
}
