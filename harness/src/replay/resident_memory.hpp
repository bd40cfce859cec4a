// A process's memory in the kernel's accounting: anonymous pages by mapping, private and shared, from
// /proc/PID/smaps.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <istream>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace leakgate {

/// One mapping with anonymous pages.
struct ResidentArea {
  pid_t pid = 0;
  std::uint64_t start = 0;
  std::uint64_t bytes = 0;     ///< of address space
  std::uint64_t resident = 0;  ///< anonymous pages, in memory or swapped out
  std::uint64_t inode = 0;     ///< of a shared mapping; 0: private

  friend bool operator==(const ResidentArea&, const ResidentArea&) = default;
};

inline constexpr std::size_t kMaxResidentAreas = 64;

/// Anonymous memory of all processes of a target. A page shared since a fork counts in each process, so a
/// copy on write is not growth. Memory given back lazily (MADV_FREE) is left out. Shared anonymous memory (mmap
/// with MAP_SHARED and no file) counts once for all processes, in their shares; memory with a name of its own
/// (memfd, shm_open, System V) is not counted here.
struct ResidentMemory {
  std::uint64_t bytes = 0;                      ///< the shim's own included
  std::uint64_t shimBytes = 0;                  ///< private tables of the shim, within `bytes`
  std::map<std::string, std::uint64_t> byName;  ///< "[heap]", "[stack]", "anonymous", or a file
  std::vector<ResidentArea> largest;            ///< by resident bytes, at most kMaxResidentAreas

  friend bool operator==(const ResidentMemory&, const ResidentMemory&) = default;
};

inline constexpr char kAnonymousName[] = "anonymous";
inline constexpr char kSharedAnonymousName[] = "/dev/zero (deleted)";  ///< by the kernel

/// Adds one process, from the text of its smaps. Other lines are skipped.
void addSmaps(ResidentMemory& memory, pid_t pid, std::istream& smaps);

/// Sums over the processes. A process that ends while it is read counts as far as it was read.
ResidentMemory sampleResidentMemory(const std::set<pid_t>& pids);

}  // namespace leakgate
