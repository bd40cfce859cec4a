#include "config/config_print.hpp"

#include <fmt/format.h>

#include <iterator>

namespace h3 {
namespace {

constexpr std::string_view kUsage =
    "Settings: preset < file (--config FILE) < environment < command line.\n"
    "  --help           this text\n"
    "  --print-config   the values, and where each comes from; a file that --config reads\n\n";

std::string groupOf(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

}  // namespace

std::string helpText(const std::vector<ConfigField>& fields, const std::string& prefix) {
  std::string text(kUsage);
  for (const ConfigField& field : fields) {
    const std::string variable = prefix.empty() ? "" : "  " + prefix + variableName(field.name);
    fmt::format_to(std::back_inserter(text), "  --{}{}\n      {} [{}]\n", field.name, variable, field.help,
                   field.get());
  }
  return text;
}

std::string configText(const std::vector<ConfigField>& fields,
                       const std::map<std::string, std::string>& origins) {
  std::string text = "{\n";
  std::string group;
  const auto isShown = [](const ConfigField& field) { return field.name != "config"; };
  for (auto field = fields.begin(); field != fields.end(); ++field) {
    if (!isShown(*field)) {
      fmt::format_to(std::back_inserter(text), "  // config: {}, {}\n", field->get(),
                     origins.at(field->name));
      continue;
    }
    const std::string own = groupOf(field->name);
    if (own != group && !own.empty()) text += "  \"" + own + "\": {\n";
    group = own;
    const auto next = std::next(field);
    const std::string nextGroup = next == fields.end() ? "" : groupOf(next->name);
    const bool endsGroup = !own.empty() && (next == fields.end() || nextGroup != own);
    const bool last = next == fields.end();
    const std::string key = field->name.substr(own.empty() ? 0 : own.size() + 1);
    fmt::format_to(std::back_inserter(text), "{}\"{}\": {}{}  // {}\n", own.empty() ? "  " : "    ", key,
                   field->get(), last || endsGroup ? "" : ",", origins.at(field->name));
    if (endsGroup) text += last ? "  }\n" : "  },\n";
    if (endsGroup) group.clear();
  }
  return text + "}\n";
}

}  // namespace h3
