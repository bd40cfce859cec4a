#include <algorithm>

#include "config/config_sources.hpp"
#include "config/config_text.hpp"

namespace h3 {
namespace {

std::vector<std::string> optionNames(const std::vector<ConfigField>& fields) {
  std::vector<std::string> names = {"help", "print-config"};
  for (const ConfigField& field : fields) names.push_back(field.name);
  return names;
}

}  // namespace

ConfigArguments readArguments(const std::vector<std::string>& arguments,
                              const std::vector<ConfigField>& fields) {
  ConfigArguments read;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      read.help = true;
      continue;
    }
    if (argument == "--print-config") {
      read.print = true;
      continue;
    }
    if (!argument.starts_with("--")) {
      read.problems.push_back("argument " + inQuotes(argument) + ": unexpected; options begin with --");
      continue;
    }
    const std::size_t equals = std::min(argument.find('='), argument.size());
    const std::string name = argument.substr(2, equals - 2);
    const std::string origin = "option --" + name;
    const auto field = std::find_if(fields.begin(), fields.end(),
                                    [&name](const ConfigField& candidate) { return candidate.name == name; });
    if (field == fields.end()) {
      read.problems.push_back(origin + ": " + unknownName(name, optionNames(fields), "--"));
      // Its value, if it has one, is no problem of its own.
      if (equals == argument.size() && i + 1 < arguments.size() && !arguments[i + 1].starts_with("--")) ++i;
      continue;
    }
    ConfigSetting setting{name, origin, field->kind, false, {}, {}};
    const bool hasNext = i + 1 < arguments.size() && !arguments[i + 1].starts_with("--");
    if (equals != argument.size()) {
      setting.text = argument.substr(equals + 1);
    } else if (field->kind == ConfigKind::boolean) {
      setting.text = "true";
    } else if (hasNext) {
      setting.text = arguments[++i];
    } else {
      read.problems.push_back(origin + ": found no value, expected " + field->expected);
      continue;
    }
    if (field->kind == ConfigKind::list) setting.texts = splitList(setting.text);
    read.settings.push_back(std::move(setting));
  }
  return read;
}

}  // namespace h3
