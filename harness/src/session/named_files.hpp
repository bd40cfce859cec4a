// The files that a name stands for: scenarios, baselines, reports; and their default folders, relative to the
// current one.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leakgate {

inline constexpr const char* kScenariosDirectory = "scenarios";
inline constexpr const char* kBaselinesDirectory = "reports/baselines";
inline constexpr const char* kReportsDirectory = "reports/latest";

/// "DIR/NAME.json"; characters that do not belong in a file name become "_".
std::filesystem::path jsonFileOf(const std::filesystem::path& directory, const std::string& name);

/// All *.json of a folder, sorted by name. Errors: InputError when the folder is not there or has none.
std::vector<std::filesystem::path> jsonFilesIn(const std::filesystem::path& directory,
                                               const std::string& what);

/// `argument` when it is a file, else DIR/ARGUMENT.json. Errors: InputError when neither is there.
std::filesystem::path fileOrName(const std::string& argument, const std::filesystem::path& directory);

/// Before the work: `output`, the value of `option`, can be written and is not the file `input`. Errors:
/// InputError.
void checkOutputFile(const std::filesystem::path& output, const std::filesystem::path& input,
                     const std::string& option);

/// Before the work: files can be written in `folder`, the value of `option`, or it can be made. Errors:
/// InputError.
void checkOutputFolder(const std::filesystem::path& folder, const std::string& option);

}  // namespace leakgate
