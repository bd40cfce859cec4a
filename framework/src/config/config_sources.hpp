// Where configuration values come from: a file, the environment, the command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "config/config_fields.hpp"

namespace h3 {

/// A value as a source has it.
struct ConfigSetting {
  std::string name;    ///< of the field, as far as the source knows
  std::string origin;  ///< "server.json:4", "variable H3_PORT", "option --port"
  ConfigKind kind = ConfigKind::text;
  bool typed = false;              ///< kind is that of the source (JSON), and must be the field's
  std::string text;                ///< of a scalar
  std::vector<std::string> texts;  ///< of a list
};

/// What the sources have, and what is wrong with it.
struct ConfigSources {
  std::vector<ConfigSetting> settings;  ///< in the order of the source
  std::vector<std::string> problems;    ///< a line each, beginning with the origin
};

/// Splits at commas; "" is an empty list.
std::vector<std::string> splitList(std::string_view text);

/// `text` is the content of the file `name`. Errors in the text are problems.
ConfigSources readConfigText(std::string_view text, const std::string& name);
/// Reads the file, of kMaxConfigBytes at most.
ConfigSources readConfigFile(const std::string& name);
inline constexpr std::size_t kMaxConfigBytes = 1024 * 1024;

/// `environment`: "NAME=value" each. Variables with the prefix that are no field's are problems, but for `ignored`.
ConfigSources readEnvironment(const std::vector<std::string>& environment, const std::string& prefix,
                              const std::vector<std::string>& ignored,
                              const std::vector<ConfigField>& fields);

/// What the command line asks for beside settings.
struct ConfigArguments : ConfigSources {
  bool help = false;
  bool print = false;
};
/// `arguments`: without the program's name.
ConfigArguments readArguments(const std::vector<std::string>& arguments,
                              const std::vector<ConfigField>& fields);

/// "unknown", with the nearest of the names, if any is near.
std::string unknownName(std::string_view found, const std::vector<std::string>& names,
                        std::string_view prefix);

}  // namespace h3
