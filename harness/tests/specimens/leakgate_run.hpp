// Runs the built leakgate as a user would, and hands back what it left.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// A new folder under the system's temporary one, removed with all that is in it at the end of the scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct LeakgateRun {
  int exitCode = -1;      ///< 128 + signal when one ended it
  nlohmann::json report;  ///< null when none was written
  std::string output;     ///< standard output and error
  double seconds = 0;
};

/// `leakgate run SCENARIO -o REPORT OPTIONS...` with TMPDIR set to a folder that is removed afterwards.
/// Threads: may be called by several at once.   Errors: std::runtime_error when it cannot be started.
LeakgateRun runLeakgate(const std::filesystem::path& scenario, const std::vector<std::string>& options = {});
