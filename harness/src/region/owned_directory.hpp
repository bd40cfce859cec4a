// A directory that does not outlive its owner for long.
#pragma once

#include <filesystem>

namespace leakgate {

/// Makes PARENT/leakgate-XXXXXX, deletes it with its content on destruction.
///
/// A process that is killed leaves its directory; the next one that makes a directory in the same parent
/// deletes it. A lock on the file "owner" in it tells the two apart: the kernel releases it with its holder.
/// Threads: one owner. Errors: std::filesystem::filesystem_error when it cannot be made.
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
