// Objects and names that outlive the process that made them. The kernel does not keep their maker, so what
// was there before the target was started does not count.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "replay/run_record.hpp"

namespace leakgate {

inline constexpr std::size_t kMaxNamesRead = 100'000;

/// Shared memory, semaphores and message queues of System V (/proc/sysvipc) and POSIX (/dev/shm,
/// /dev/mqueue), and the names in the directories in which the target makes files.
class SharedObjects {
 public:
  /// Remembers what there is. `folderList`: a file with a directory a line, which the shim writes; may be
  /// absent.
  explicit SharedObjects(std::filesystem::path folderList);

  /// Adds what has come since then. A kind that cannot be read here stays absent.
  void addTo(ProcessSample& sample) const;

 private:
  using Names = std::set<std::string>;

  std::filesystem::path folderList_;
  std::map<std::string, Names> before_;  ///< by the file or directory that lists them
};

/// Adds the POSIX message queues that the shim saw made and not removed, where `list` is no file system of
/// queues: the kernel's lists have those of System V alone then.
void addUnlistedQueues(ProcessSample& sample, const MemorySnapshot& memory,
                       const std::filesystem::path& list = "/dev/mqueue");

}  // namespace leakgate
