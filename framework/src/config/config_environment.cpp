#include <algorithm>

#include "config/config_sources.hpp"
#include "config/nearest_name.hpp"

namespace h3 {

std::vector<std::string> splitList(std::string_view text) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

std::string unknownName(std::string_view found, const std::vector<std::string>& names,
                        std::string_view prefix) {
  const std::string nearest = nearestName(found, names);
  if (nearest.empty()) return "unknown; --help lists all names";
  return "unknown; did you mean " + std::string(prefix) + nearest + "?";
}

ConfigSources readEnvironment(const std::vector<std::string>& environment, const std::string& prefix,
                              const std::vector<std::string>& ignored,
                              const std::vector<ConfigField>& fields) {
  ConfigSources read;
  if (prefix.empty()) return read;
  std::vector<std::string> names;
  for (const ConfigField& field : fields) names.push_back(variableName(field.name));
  for (const std::string& entry : environment) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string::npos || !entry.starts_with(prefix)) continue;
    const std::string variable = entry.substr(0, equals);
    if (std::find(ignored.begin(), ignored.end(), variable) != ignored.end()) continue;
    const std::string name = variable.substr(prefix.size());
    const auto found = std::find(names.begin(), names.end(), name);
    const std::string origin = "variable " + variable;
    if (found == names.end()) {
      read.problems.push_back(origin + ": " + unknownName(name, names, prefix));
      continue;
    }
    const ConfigField& field = fields[static_cast<std::size_t>(found - names.begin())];
    const std::string value = entry.substr(equals + 1);
    ConfigSetting setting{field.name, origin, field.kind, false, value, {}};
    if (field.kind == ConfigKind::list) setting.texts = splitList(value);
    read.settings.push_back(std::move(setting));
  }
  return read;
}

}  // namespace h3
