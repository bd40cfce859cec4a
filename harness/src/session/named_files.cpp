#include "session/named_files.hpp"

#include <algorithm>
#include <cctype>

#include "scenario/input_error.hpp"

namespace leakgate {

namespace fs = std::filesystem;

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
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (entry.path().extension() == ".json") files.push_back(entry.path());
  }
  if (error) throw InputError(directory.string() + ": cannot read the folder: " + error.message());
  if (files.empty()) throw InputError(directory.string(), "", "no " + what + " (*.json)", "at least one");
  std::sort(files.begin(), files.end());
  return files;
}

fs::path fileOrName(const std::string& argument, const fs::path& directory) {
  if (fs::is_regular_file(argument)) return argument;
  if (fs::is_directory(argument)) {
    throw InputError(argument, "", "a folder", "a file",
                     "to replay all scenarios of a folder: leakgate gate --scenarios " + argument);
  }
  const fs::path named = jsonFileOf(directory, argument);
  if (fs::is_regular_file(named)) return named;
  throw InputError(argument + ": there is no such file, nor " + named.string());
}

}  // namespace leakgate
