#include "session/named_files.hpp"

#include <algorithm>
#include <cctype>

#include "report/atomic_file.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> jsonFiles(const fs::path& directory, std::error_code& error) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

fs::path jsonFileOf(const fs::path& directory, const std::string& name) {
  std::string safe = name;
  for (char& c : safe) {
    const bool kept = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    if (!kept) c = '_';
  }
  return directory / (safe + ".json");
}

std::vector<fs::path> jsonFilesIn(const fs::path& directory, const std::string& what) {
  std::error_code error;
  std::vector<fs::path> files = jsonFiles(directory, error);
  if (error) throw InputError(directory.string() + ": cannot read the folder: " + error.message());
  if (files.empty()) throw InputError(directory.string(), "", "no " + what + " (*.json)", "at least one");
  return files;
}

std::vector<fs::path> jsonFilesIfAny(const fs::path& directory) {
  std::error_code missing;
  return jsonFiles(directory, missing);
}

fs::path fileOrName(const std::string& argument, const fs::path& directory) {
  if (fs::is_regular_file(argument)) return argument;
  if (fs::is_directory(argument)) {
    throw InputError(argument, "", "a folder", "a file",
                     "to replay all scenarios of a folder: leakgate gate --scenarios " + argument);
  }
  fs::path named = jsonFileOf(directory, argument);
  if (fs::is_regular_file(named)) return named;
  const bool isName = argument.find('/') == std::string::npos && !argument.ends_with(".json");
  throw InputError(argument + ": there is no such file" + (isName ? ", nor " + named.string() : "") +
                   "; check the name");
}

void checkOutputFile(const fs::path& output, const fs::path& input, const std::string& option) {
  std::error_code none;
  if (fs::is_regular_file(output, none) && fs::equivalent(output, input, none)) {
    throw InputError(option, "", output.string() + ", which is read here", "another file",
                     "what is written would take its place");
  }
  requireWritable(output);
}

void checkOutputFolder(const fs::path& folder, const std::string& option) {
  if (fs::exists(folder) && !fs::is_directory(folder))
    throw InputError(option, "", folder.string() + ", a file", "a folder");
  requireWritable(folder / "report.json");
}

}  // namespace leakgate
