// A folder that goes away.
#pragma once

#include <filesystem>

namespace leakgate {

/// Made in $TMPDIR or /tmp; removed with its content at the end.
/// Errors: std::filesystem::filesystem_error when it cannot be made.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace leakgate
