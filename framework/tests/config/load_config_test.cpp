#include "h3http/load_config.hpp"

#include <doctest/doctest.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>

#include "config/config_loader.hpp"

using h3::Config;
using h3::loadConfigFrom;
using h3::LoadOptions;

namespace {

// A configuration file that is deleted on destruction.
struct ConfigFile {
  explicit ConfigFile(const std::string& text) { std::ofstream(path) << text; }
  ~ConfigFile() { std::remove(path.c_str()); }
  const std::string path = "load_config_test.json";
};

std::string problemsWith(const std::vector<std::string>& arguments,
                         const std::vector<std::string>& environment = {}, const LoadOptions& options = {}) {
  try {
    (void)loadConfigFrom(arguments, environment, options);
    return {};
  } catch (const h3::ConfigError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("preset < file < environment < command line") {
  const ConfigFile file(R"({"port": 1, "threads": 2, "serverName": "file", "limits": {"bodyBytes": 7}})");
  const Config config = loadConfigFrom({"--config", file.path, "--port", "4"},
                                       {"H3_PORT=3", "H3_THREADS=3", "H3_PRESET=development"}, {})
                            .config;
  CHECK(config.port == 4);
  CHECK(config.threads == 3);
  CHECK(config.serverName == "file");
  CHECK(config.limits.bodyBytes == 7);
  CHECK(config.exposeErrors);  // of development
  CHECK_FALSE(loadConfigFrom({}, {}, {}).config.exposeErrors);
}

TEST_CASE("which preset and which file") {
  const ConfigFile file(R"({"preset": "testing"})");
  LoadOptions options;
  options.file = file.path;
  CHECK(loadConfigFrom({}, {}, options).config.port == 0);
  CHECK(loadConfigFrom({"--preset=production"}, {}, options).config.port == 8080);
  CHECK(loadConfigFrom({}, {"H3_CONFIG=" + file.path}, {}).config.port == 0);
  CHECK(loadConfigFrom({"--config="}, {}, options).config.port == 8080);
  options.environmentPrefix = "";
  CHECK(loadConfigFrom({}, {"H3_PORT=9"}, options).config.port == 0);
}

TEST_CASE("all problems at the same time, each with its source, what was found and what was expected") {
  const ConfigFile file(
      "{\n  \"limits\": {\"bodyByte\": 1, \"headerCount\": 1000},\n  \"port\": \"80\",\n  \"config\": \"x\",\n"
      "  \"monitor\": 5, \"unixMode\": \"9\"\n}");
  const std::string problems =
      problemsWith({"--config", file.path, "--threads", "0", "--limits.heldBytes=1k"},
                   {"H3_REACTOR=select", "H3_ADRESS=::1", "H3_PRESET=prod"});
  const std::string expected =
      "configuration: 11 problems\n"
      "  variable H3_PRESET: preset: found \"prod\", expected development, production or testing\n"
      "  load_config_test.json:2: limits.bodyByte: unknown; did you mean limits.bodyBytes?\n"
      "  load_config_test.json:3: port: found \"80\", expected a number\n"
      "  load_config_test.json:4: config: unknown; --help lists all names\n"
      "  load_config_test.json:5: monitor: unknown; --help lists all names\n"
      "  load_config_test.json:5: unixMode: found \"9\", expected octal digits, such as \"0660\"\n"
      "  variable H3_ADRESS: unknown; did you mean H3_ADDRESS?\n"
      "  variable H3_REACTOR: reactor: found \"select\", expected automatic, epoll or io_uring\n"
      "  option --limits.heldBytes: limits.heldBytes: found \"1k\", expected a whole number\n";
  CHECK(problems.starts_with(expected));
  CHECK(problems.substr(expected.size()) ==
        "  option --threads: threads: found 0, expected 1 to 256\n"
        "  load_config_test.json:2: limits.headerCount: found 1000, expected 8 to 100");
}

TEST_CASE("the program's own settings, and names that are taken") {
  std::string database = "notes.db";
  LoadOptions options;
  options.own = {{"database", "where the notes are", &database}};
  const ConfigFile file(R"({"database": "file.db"})");
  (void)loadConfigFrom({"--config", file.path}, {}, options);
  CHECK(database == "file.db");
  (void)loadConfigFrom({}, {"H3_DATABASE=env.db"}, options);
  CHECK(database == "env.db");
  options.own[0].name = "port";
  CHECK_THROWS_AS((void)loadConfigFrom({}, {}, options), std::logic_error);
  options.own[0].name = "preset";
  CHECK_THROWS_AS((void)loadConfigFrom({}, {}, options), std::logic_error);
}

TEST_CASE("help comes before problems, the printed configuration after") {
  CHECK(loadConfigFrom({"--help", "--nonsense"}, {}, {}).output.find("--print-config") != std::string::npos);
  const std::string printed = loadConfigFrom({"--print-config", "--port=1"}, {"H3_THREADS=2"}, {}).output;
  CHECK(printed.find("  \"port\": 1,  // option --port\n") != std::string::npos);
  CHECK(printed.find("  \"threads\": 2,  // variable H3_THREADS\n") != std::string::npos);
  CHECK(printed.find("  \"address\": \"127.0.0.1\",  // preset production\n") != std::string::npos);
  CHECK(problemsWith({"--print-config", "--port=x"}) != "");
}

TEST_CASE("a value may be overwritten by a later source, but not excused by it") {
  CHECK(problemsWith({"--threads=2"}, {"H3_THREADS=many"}) ==
        "configuration: 1 problem\n  variable H3_THREADS: threads: found \"many\", expected a whole number");
  CHECK(loadConfigFrom({"--threads=2"}, {"H3_THREADS=1"}, {}).config.threads == 2);
}
