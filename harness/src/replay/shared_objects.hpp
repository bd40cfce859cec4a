// Objects and names that outlive the process that made them. The kernel seldom records their creator, so those
// that existed before the target was started do not count, nor those that are certainly another program's.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr std::size_t kMaxNamesRead = 100'000;

/// Shared memory, semaphores and message queues of System V (/proc/sysvipc) and POSIX (/dev/shm,
/// /dev/mqueue), and the names in the directories in which the target creates files.
class SharedObjects {
 public:
  /// Remembers what exists now. `folderList`: a file with one directory per line, written by the shim; may be
  /// absent.
  explicit SharedObjects(std::filesystem::path folderList);

  /// Adds what has appeared since then, but for objects of users as whom no process of `pids` has run, and
  /// segments of another living process. A kind that cannot be read here stays absent.
  void addTo(ProcessSample& sample, const std::set<pid_t>& pids);

 private:
  using Names = std::set<std::string>;

  std::filesystem::path folderList_;
  std::map<std::string, Names> before_;  ///< by the file or directory that lists them
  std::set<uid_t> users_;                ///< of the target, so far
};

/// Adds the POSIX message queues that the shim saw created and not removed, if `list` is not a file system of
/// queues: then the kernel lists only those of System V.
void addUnlistedQueues(ProcessSample& sample, const MemorySnapshot& memory,
                       const std::filesystem::path& list = "/dev/mqueue");

}  // namespace leakgate
