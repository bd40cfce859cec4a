#include "h3http/load_config.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <set>
#include <stdexcept>
#include <utility>

#include "app/config_problems.hpp"
#include "config/config_fields.hpp"
#include "config/config_loader.hpp"
#include "config/config_print.hpp"
#include "config/config_sources.hpp"
#include "config/config_text.hpp"
#include "h3http/server.hpp"

namespace h3 {
namespace {

constexpr const char* kPreset = "preset";
constexpr const char* kFile = "config";

// The fields, the sources in the order of precedence, and what is wrong with them.
class Loader {
 public:
  explicit Loader(const LoadOptions& options)
      : preset_(options.preset), file_(options.file), fields_(fieldsOf(config_, options.own)) {
    checkNames(options.own);
    addChoice(kFile, file_, "read settings from this JSON file");
    addChoice(kPreset, preset_, "development, production or testing");
  }

  void read(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
            const LoadOptions& options) {
    ConfigSources variables =
        readEnvironment(environment, options.environmentPrefix, options.ignoredVariables, fields_);
    arguments_ = readArguments(arguments, fields_);
    choose(kFile, file_, variables, arguments_);
    ConfigSources file = file_.empty() ? ConfigSources{} : readConfigFile(file_);
    choose(kPreset, preset_, file, variables, arguments_);
    startFromPreset();
    for (ConfigSources* const source : {&file, &variables, static_cast<ConfigSources*>(&arguments_)}) {
      for (std::string& problem : source->problems) problems_.push_back(std::move(problem));
      for (const ConfigSetting& setting : source->settings) apply(setting, source == &file);
    }
    validate();
  }

  LoadedConfig take(const std::string& prefix) {
    if (arguments_.help) return {config_, helpText(fields_, prefix)};
    if (!problems_.empty()) {
      std::string text =
          fmt::format("configuration: {} problem{}", problems_.size(), problems_.size() == 1 ? "" : "s");
      for (const std::string& problem : problems_) text += "\n  " + problem;
      throw ConfigError(text);
    }
    if (arguments_.print) return {config_, configText(fields_, origins_)};
    return {config_, {}};
  }

 private:
  void addChoice(const char* name, std::string& value, std::string help) {
    ConfigField field{name,
                      ConfigKind::text,
                      std::move(help),
                      "a text",
                      nullptr,
                      nullptr,
                      [&value] { return inQuotes(value); }};
    field.set = [](std::string_view) { return true; };  // chosen before the others are set
    fields_.insert(fields_.begin(), std::move(field));
    origins_[name] = "the program";
  }

  void checkNames(const std::vector<OwnSetting>& own) const {
    std::set<std::string> names = {kPreset, kFile, "help"};
    for (const ConfigField& field : fields_)
      if (!names.insert(field.name).second)
        throw std::logic_error("loadConfig: the program's setting \"" + field.name +
                               "\" has a name that is taken");
    for (const OwnSetting& setting : own)
      if (setting.name.empty()) throw std::logic_error("loadConfig: a setting of the program has no name");
  }

  // The last source that has it decides.
  template <class... Sources>
  void choose(const std::string& name, std::string& value, const Sources&... sources) {
    const auto look = [&](const ConfigSources& source) {
      for (const ConfigSetting& setting : source.settings) {
        if (setting.name != name || setting.kind != ConfigKind::text) continue;
        value = setting.text;
        origins_[name] = setting.origin;
      }
    };
    (look(sources), ...);
  }

  void startFromPreset() {
    std::string from = "preset " + preset_;
    try {
      config_ = Config::preset(preset_);
    } catch (const ConfigError&) {
      problems_.push_back(fmt::format("{}: preset: found {}, expected development, production or testing",
                                      origins_[kPreset], inQuotes(preset_)));
      from = "the default";
    }
    for (const ConfigField& field : fields_) origins_.emplace(field.name, from);
  }

  void apply(const ConfigSetting& setting, bool fromFile) {
    const auto field = std::find_if(fields_.begin(), fields_.end(), [&](const ConfigField& candidate) {
      return candidate.name == setting.name && !(fromFile && candidate.name == kFile);
    });
    if (field == fields_.end()) {
      std::vector<std::string> names;
      for (const ConfigField& known : fields_)
        if (known.name != kFile) names.push_back(known.name);
      problems_.push_back(setting.origin + ": " + setting.name + ": " + unknownName(setting.name, names, ""));
      return;
    }
    if (setting.typed && setting.kind != field->kind)
      return refuse(setting, *field, std::string(describe(field->kind)));
    if (field->kind == ConfigKind::list) {
      field->setList(setting.texts);
    } else if (!field->set(setting.text)) {
      return refuse(setting, *field, field->expected);
    }
    origins_[field->name] = setting.origin;
  }

  void refuse(const ConfigSetting& setting, const ConfigField& field, const std::string& expected) {
    std::string found =
        setting.typed && setting.kind != ConfigKind::text ? setting.text : inQuotes(setting.text);
    if (setting.typed && setting.kind == ConfigKind::list) found = "a list";
    problems_.push_back(
        fmt::format("{}: {}: found {}, expected {}", setting.origin, field.name, found, expected));
    refused_.insert(field.name);
  }

  void validate() {
    for (const ConfigProblem& problem : problemsOf(config_)) {
      if (refused_.count(problem.field) != 0) continue;
      problems_.push_back(fmt::format("{}: {}: found {}, expected {}", origins_[problem.field], problem.field,
                                      problem.found, problem.expected));
    }
  }

  Config config_;
  std::string preset_;
  std::string file_;
  std::vector<ConfigField> fields_;  ///< refer to config_
  std::map<std::string, std::string> origins_;
  std::set<std::string> refused_;
  ConfigArguments arguments_;
  std::vector<std::string> problems_;
};

std::vector<std::string> ownEnvironment() {
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) entries.emplace_back(*entry);
  return entries;
}

}  // namespace

LoadedConfig loadConfigFrom(const std::vector<std::string>& arguments,
                            const std::vector<std::string>& environment, const LoadOptions& options) {
  Loader loader(options);
  loader.read(arguments, environment, options);
  return loader.take(options.environmentPrefix);
}

Config loadConfig(int argc, const char* const* argv, const LoadOptions& options) {
  const std::vector<std::string> arguments(argv + std::min(argc, 1), argv + argc);
  LoadedConfig loaded = loadConfigFrom(arguments, ownEnvironment(), options);
  if (loaded.output.empty()) return std::move(loaded.config);
  std::fwrite(loaded.output.data(), 1, loaded.output.size(), stdout);
  std::exit(std::fflush(stdout) == 0 ? 0 : 1);
}

int run(App& app, int argc, const char* const* argv, const LoadOptions& options) {
  try {
    return run(app, loadConfig(argc, argv, options));
  } catch (const ConfigError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}

}  // namespace h3
