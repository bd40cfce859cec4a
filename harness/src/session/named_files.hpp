// Finds scenario, baseline and report files by name; and their default folders, relative to the current one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leakgate {

inline constexpr const char* kScenariosDirectory = "scenarios";
inline constexpr const char* kBaselinesDirectory = "reports/baselines";
inline constexpr const char* kReportsDirectory = "reports/latest";

/// "DIR/NAME.json"; characters that are unsuitable for file names become "_".
std::filesystem::path jsonFileOf(const std::filesystem::path& directory, const std::string& name);

/// All *.json of a folder, sorted by name. Errors: InputError when the folder is missing or has none.
std::vector<std::filesystem::path> jsonFilesIn(const std::filesystem::path& directory,
                                               const std::string& what);

/// The same, or nothing when the folder is missing or has none.
std::vector<std::filesystem::path> jsonFilesIfAny(const std::filesystem::path& directory);

/// `argument` when it is a file, else DIR/ARGUMENT.json. Errors: InputError when neither exists.
std::filesystem::path fileOrName(const std::string& argument, const std::filesystem::path& directory);

/// Checks, before the work, that `output`, the value of `option`, can be written and is not the file `input`.
/// Errors: InputError.
void checkOutputFile(const std::filesystem::path& output, const std::filesystem::path& input,
                     const std::string& option);

/// Checks, before the work, that files can be written in `folder`, the value of `option`, or that it can be
/// created. Errors: InputError.
void checkOutputFolder(const std::filesystem::path& folder, const std::string& option);

}  // namespace leakgate
