// Reads the counters of all shims of a target, without stopping its processes.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

class TargetProcess;

/// Sums the regions of all processes that were started with LEAKGATE_DIR set to one directory.
///
/// When a process has ended, or has replaced itself by exec, its allocations stay in the totals and count as
/// freed, its sites are dropped and its file is removed. A process made by fork counts from zero: a block
/// that it inherited and frees counts -1 there, so that growth between two snapshots is exact while the same
/// processes live. The target must live in the reader's own PID namespace. Threads: one owner. Errors:
/// RegionError when a file is not a region of this layout version, or shorter than its header says.
class RegionReader {
 public:
  explicit RegionReader(std::filesystem::path directory);
  ~RegionReader();
  RegionReader(const RegionReader&) = delete;
  RegionReader& operator=(const RegionReader&) = delete;

  /// Takes one reading of all processes. Returns true when it equals the previous one, false when anything
  /// was counted since, or a process started or ended.
  bool sample();

  /// Everything. Reads until two readings in a row are equal, a few times at
  /// most; `consistent` says whether they were.
  MemorySnapshot read();

  /// Adds the shim's tables in those of `running` that have no region of their own: a child of fork has
  /// inherited the tables and opens a region only at its first event, which may never come.
  void addInherited(ShimAudit& audit, const std::set<pid_t>& running) const;

  /// One reading of the sums only: cheap, for waiting until the target stands still.
  MemoryTotals totals();

  /// Processes that have a region and are alive.
  std::vector<pid_t> livePids();

 private:
  struct Ended;

  void findProcesses();
  void dropEnded();
  const TargetProcess* findProcess(pid_t pid) const;

  std::filesystem::path directory_;
  std::map<std::string, std::unique_ptr<TargetProcess>> processes_;  ///< by the region's file name
  std::unique_ptr<Ended> ended_;
  std::shared_ptr<CallStacks> stacks_;
};

}  // namespace leakgate
