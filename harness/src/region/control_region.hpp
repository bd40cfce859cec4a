// The directory in which the shims of one replay create their regions, and
// the page through which the runner controls them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "region/layout.hpp"
#include "region/owned_directory.hpp"

namespace leakgate {

/// Creates a directory with a control page; start the target with LEAKGATE_DIR set to it.
///
/// It is in /dev/shm, so that counting never waits for a disk; without /dev/shm, in $TMPDIR or /tmp.
/// Lifetime: the destructor removes the directory with all files of the shims; after a run that was killed,
/// the next run removes it. End the target first. Threads: one owner. Errors: RegionError when the directory
/// or the page cannot be made, or there is no space for counting.
class ControlRegion {
 public:
  ControlRegion();
  ~ControlRegion();
  ControlRegion(const ControlRegion&) = delete;
  ControlRegion& operator=(const ControlRegion&) = delete;

  /// Absolute path.
  const std::filesystem::path& directory() const { return directory_->path(); }

  /// Counts blocks that are allocated from now on in this epoch. Call it while no request is in flight. It
  /// starts at 0.
  void setEpoch(std::uint32_t epoch);
  std::uint32_t epoch() const;

  /// Writes a stack filter (layout.hpp) and returns its name, for LEAKGATE_STACK_FILTER.
  std::string writeStackFilter(const std::string& text) const;

 private:
  std::unique_ptr<OwnedDirectory> directory_;
  layout::ControlPage* page_ = nullptr;
};

/// Explains a SIGBUS of the target: what to do when there is no space left for its counters; "" when there
/// is.
std::string shortageOfSpace(const std::filesystem::path& directory);

}  // namespace leakgate
