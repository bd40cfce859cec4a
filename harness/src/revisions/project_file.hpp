// leakgate.json: how a project is built.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

inline constexpr const char* kProjectFile = "leakgate.json";
inline constexpr std::string_view kProjectSchema = "leakgate.project/1";

/// The file at the top of a repository, read by the commands that build other commits:
///
///   {
///     "schema": "leakgate.project/1",
///     "build": "make -j2",                       // for a shell, at the top of a fresh checkout
///     "bin": "build/bin",                        // optional: {bin} of scenarios, relative to the top
///     "target": ["build/server", "{port}"]       // optional: instead of the scenario's command
///   }
struct ProjectFile {
  std::string build;                ///< "" without a file
  std::string bin;                  ///< "": {bin} is leakgate's own folder, as in `leakgate run`
  std::vector<std::string> target;  ///< empty: the scenario's
};

/// Reads TOP/leakgate.json; empty fields without one. Errors: InputError that names file and field.
ProjectFile readProjectFile(const std::filesystem::path& top);

/// The same from text.
ProjectFile parseProjectFile(std::string_view json, const std::string& fileName);

/// The file that would remember a build command.
std::string projectFileWith(const std::string& build);

}  // namespace leakgate
