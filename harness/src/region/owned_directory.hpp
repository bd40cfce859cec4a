// A directory that is deleted with its owner, or soon after.
#pragma once

#include <filesystem>

namespace leakgate {

/// Creates PARENT/leakgate-XXXXXX, and deletes it with its content on destruction.
///
/// A killed process leaves its directory behind; the next process that creates one in the same parent deletes
/// it. A lock on the file "owner" shows whether the owner is alive: the kernel releases it when the process
/// ends. Threads: one owner. Errors: std::filesystem::filesystem_error when it cannot be made.
class OwnedDirectory {
 public:
  explicit OwnedDirectory(const std::filesystem::path& parent);
  ~OwnedDirectory();
  OwnedDirectory(const OwnedDirectory&) = delete;
  OwnedDirectory& operator=(const OwnedDirectory&) = delete;

  /// Absolute, if `parent` is.
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  int lock_ = -1;
};

/// Deletes the directories in `parent` whose owners are gone. The constructor calls it.
void sweepOwnedDirectories(const std::filesystem::path& parent);

}  // namespace leakgate
