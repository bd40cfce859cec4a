// Configuration from outside: a preset, a JSON file, the environment, the command line.
//
//   int main(int argc, char** argv) {
//     h3::App app;
//     addRoutes(app);
//     return h3::run(app, argc, argv);
//   }
//
//   $ H3_LIMITS_BODY_BYTES=65536 ./server --config server.json --port 8443 --print-config
#pragma once

#include <string>
#include <vector>

#include "h3http/app.hpp"
#include "h3http/config.hpp"

namespace h3 {

/// A setting of the program's own, beside those of Config: `--NAME`, `H3_NAME`, "NAME" in the file.
struct OwnSetting {
  std::string name;     ///< letters and digits, the first a lower-case letter
  std::string help;     ///< one line
  std::string* value;   ///< its default; overwritten when it is set. Must outlive the call
  bool secret = false;  ///< --print-config does not show it
};

struct LoadOptions {
  std::string preset = "production";               ///< unless "preset", H3_PRESET or --preset names another
  std::string file = {};                           ///< unless H3_CONFIG or --config names another; "": none
  std::string environmentPrefix = "H3_";           ///< "": the environment is not read
  std::vector<std::string> ignoredVariables = {};  ///< with that prefix, but for others
  std::vector<OwnSetting> own = {};
};

/// The configuration: presets < JSON file < environment < command line.
///
/// One name for a field everywhere: limits.bodyBytes is {"limits": {"bodyBytes": 65536}} in the file, where // comments are
/// allowed, H3_LIMITS_BODY_BYTES, and --limits.bodyBytes 65536 (or =65536; a boolean needs no value). Lists are JSON
/// arrays, else texts with commas. `--help` lists all, `--print-config` shows the values and where each comes from; both
/// write to standard output and end the process with 0.
///
/// Errors: ConfigError with all problems, a line each: where (file and line, variable, option), found, expected. Unknown
/// names are problems too; the nearest one is suggested.
Config loadConfig(int argc, const char* const* argv, const LoadOptions& options = {});

/// run() with loadConfig(): a wrong configuration is a message on standard error and 2.
int run(App& app, int argc, const char* const* argv, const LoadOptions& options = {});

}  // namespace h3
