// The directory in which the shims of one replay leave their regions, and
// the page by which the runner speaks to them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "region/layout.hpp"

namespace leakgate {

/// Makes a new directory with its control page; start the target with LEAKGATE_DIR set to it.
///
/// It lies in /dev/shm, so that counting never waits for a disk; where there is none, in $TMPDIR or /tmp.
/// Lifetime: the destructor removes the directory with all that the shims left there. End the target first.
/// Threads: one owner.
/// Errors: RegionError when the directory or the page cannot be made.
class ControlRegion {
 public:
  ControlRegion();
  ~ControlRegion();
  ControlRegion(const ControlRegion&) = delete;
  ControlRegion& operator=(const ControlRegion&) = delete;

  /// Absolute path.
  const std::filesystem::path& directory() const { return directory_; }

  /// Blocks allocated from now on count in this epoch. Call it while no request is in flight. It starts at 0.
  void setEpoch(std::uint32_t epoch);
  std::uint32_t epoch() const;

  /// Writes a stack filter (layout.hpp) and returns its name, for LEAKGATE_STACK_FILTER.
  std::string writeStackFilter(const std::string& text) const;

 private:
  std::filesystem::path directory_;
  layout::ControlPage* page_ = nullptr;
};

}  // namespace leakgate
