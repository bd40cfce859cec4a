#include "replay/launch_plan.hpp"

#include <cstdlib>

#include "replay/executable.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {
namespace {

void replaceAll(std::string& text, std::string_view place, const std::string& value) {
  for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size())) {
    text.replace(at, place.size(), value);
  }
}

}  // namespace

std::string expandPlaceholders(std::string text, const LaunchValues& values) {
  if (values.bin.empty() && text.find("{bin}") != std::string::npos) {
    throw InputError(
        "target.command: found {bin}, but the folder of built programs is not known; give a path");
  }
  replaceAll(text, "{bin}", values.bin.string());
  replaceAll(text, "{scenario_dir}", values.scenarioDir.string());
  replaceAll(text, "{port}", std::to_string(values.port));
  return text;
}

namespace {

// LD_PRELOAD is a list separated by blanks and colons, in which $ starts a token. For a path with one of
// these, makes a link without them.
std::filesystem::path preloadable(const std::filesystem::path& shimLibrary,
                                  const std::filesystem::path& regionDirectory) {
  constexpr const char* kSpecial = " :$";
  if (shimLibrary.string().find_first_of(kSpecial) == std::string::npos) return shimLibrary;
  const auto link = regionDirectory / shimLibrary.filename();
  if (link.string().find_first_of(kSpecial) != std::string::npos) {
    throw InputError(shimLibrary.string() + ": LD_PRELOAD cannot hold this path, nor " + link.string() +
                     "; install leakgate under a path without blank, colon and $");
  }
  std::error_code error;
  std::filesystem::create_symlink(shimLibrary, link, error);
  if (error && error != std::errc::file_exists)
    throw InputError(link.string() + ": cannot be made: " + error.message());
  return link;
}

std::string preloadList(const std::filesystem::path& shimLibrary, const LaunchSpec& spec) {
  const auto given = spec.environment.find("LD_PRELOAD");
  const char* inherited = std::getenv("LD_PRELOAD");
  std::string others = given != spec.environment.end() ? given->second
                       : inherited != nullptr          ? inherited
                                                       : "";
  return shimLibrary.string() + (others.empty() ? "" : ":" + others);
}

// The shim's names for depths.
const char* depthName(Depth depth) {
  if (depth == Depth::count) return "count";
  return depth == Depth::stacks ? "stacks" : "sites";
}

}  // namespace

LaunchSpec planLaunch(const TargetSpec& target, const LaunchValues& values, Depth depth,
                      const std::filesystem::path& shimLibrary,
                      const std::filesystem::path& regionDirectory) {
  LaunchSpec spec;
  for (const std::string& argument : target.command)
    spec.arguments.push_back(expandPlaceholders(argument, values));
  for (const auto& [name, value] : target.env) spec.environment[name] = expandPlaceholders(value, values);
  spec.executable = findExecutable(spec.arguments.front());
  if (depth == Depth::none) return spec;
  checkPreloadable(spec.executable);
  if (!std::filesystem::is_regular_file(shimLibrary)) {
    throw InputError(shimLibrary.string() + ": the shim is not there; build or install leakgate whole");
  }
  spec.environment["LD_PRELOAD"] =
      preloadList(preloadable(std::filesystem::absolute(shimLibrary), regionDirectory), spec);
  spec.environment["LEAKGATE_DIR"] = regionDirectory.string();
  spec.environment["LEAKGATE_DEPTH"] = depthName(depth);
  return spec;
}

void startThrough(LaunchSpec& spec, const std::vector<std::string>& wrapper) {
  std::vector<std::string> arguments = wrapper;
  arguments.push_back(spec.executable.string());
  arguments.insert(arguments.end(), spec.arguments.begin() + 1, spec.arguments.end());
  spec.executable = findExecutable(wrapper.front());
  spec.arguments = std::move(arguments);
}

}  // namespace leakgate
