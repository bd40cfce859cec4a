// What --format asks for: "junit=results.xml", or a file whose name says its format.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "writers/writer.hpp"

namespace leakgate {

struct FormatFile {
  const Writer* writer = nullptr;
  std::filesystem::path file;  ///< "-": standard output

  bool isStandardOutput() const { return file == "-"; }
};

/// Errors: InputError when there is no such format, or the file's name says none.
FormatFile formatFileOf(const std::string& typed);

/// Those of all options, checked before the work: each file can be written, and only once. Errors: InputError.
std::vector<FormatFile> formatFilesOf(const std::vector<std::string>& typed);

}  // namespace leakgate
