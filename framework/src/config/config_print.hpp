// What --help and --print-config show.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/config_fields.hpp"

namespace h3 {

/// One line a field: option, variable, meaning, the preset's value.
std::string helpText(const std::vector<ConfigField>& fields, const std::string& prefix);

/// A configuration file with these values, and where each comes from as a comment. A field "config" is left out of the file and
/// named in a comment. `origins`: by name, for each field.
std::string configText(const std::vector<ConfigField>& fields,
                       const std::map<std::string, std::string>& origins);

}  // namespace h3
