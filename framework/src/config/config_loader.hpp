// Puts a Config together from its sources.
#pragma once

#include <string>
#include <vector>

#include "h3http/load_config.hpp"

namespace h3 {

struct LoadedConfig {
  Config config;
  std::string output;  ///< of --help or --print-config; "" without them
};

/// loadConfig() without a process: `arguments` without the program's name, `environment` as "NAME=value".
/// Errors: ConfigError with all problems; std::logic_error when an own setting has the name of a field.
LoadedConfig loadConfigFrom(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment, const LoadOptions& options);

}  // namespace h3
