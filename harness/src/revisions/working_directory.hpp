// The working directory, changed for a while.
#pragma once

#include <filesystem>

namespace leakgate {

/// Changes the process's working directory, and back on destruction. What is started meanwhile, paths of the
/// target and of source files are relative to it. Threads: none other may use relative paths.
class WorkingDirectory {
 public:
  /// Errors: std::filesystem::filesystem_error.
  explicit WorkingDirectory(const std::filesystem::path& folder) : before_(std::filesystem::current_path()) {
    std::filesystem::current_path(folder);
  }
  ~WorkingDirectory() {
    std::error_code ignored;
    std::filesystem::current_path(before_, ignored);
  }
  WorkingDirectory(const WorkingDirectory&) = delete;
  WorkingDirectory& operator=(const WorkingDirectory&) = delete;

 private:
  std::filesystem::path before_;
};

}  // namespace leakgate
