// The kernel objects and files behind the descriptors of the target's processes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <set>

#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr std::size_t kMaxDescriptorsRead = 16'384;
inline constexpr std::size_t kMaxOpenFiles = 256;

/// Reads /proc/PID/fd and, of inotify, fanotify and epoll instances, /proc/PID/fdinfo.
class DescriptorObjects {
 public:
  /// `ownDirectories`: where leakgate's own files are, which the target holds open.
  explicit DescriptorObjects(std::set<std::filesystem::path> ownDirectories)
      : ownDirectories_(std::move(ownDirectories)) {}

  /// Adds watches, registrations, pages of memfd and of deleted /dev/shm files (their number is that of
  /// descriptors), open files and types. Beyond kMaxDescriptorsRead it adds none of these.
  void addTo(ProcessSample& sample, const std::set<pid_t>& pids);

 private:
  std::set<std::filesystem::path> ownDirectories_;
  std::optional<std::uint64_t> firstSockets_;  ///< how many there were at the first call
};

}  // namespace leakgate
