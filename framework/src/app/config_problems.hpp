// What is wrong with a Config, field by field.
#pragma once

#include <string>
#include <vector>

#include "h3http/config.hpp"

namespace h3 {

struct ConfigProblem {
  std::string field;     ///< "limits.bodyBytes"
  std::string found;     ///< as text; strings are in quotes
  std::string expected;  ///< "0 to 16777216"
};

/// Empty when the configuration can be used. Config::validate() throws what this returns.
std::vector<ConfigProblem> problemsOf(const Config& config);

}  // namespace h3
