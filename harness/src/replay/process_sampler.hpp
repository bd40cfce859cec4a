// Reads the kernel's figures of the target's processes.
#pragma once

#include <sys/types.h>

#include <map>
#include <set>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

struct ProcessTree {
  std::set<pid_t> running;
  std::uint64_t zombies = 0;  ///< ended children that a running process has not waited for
};

/// `root` and its descendants, and `others` with theirs.
ProcessTree processTree(pid_t root, const std::vector<pid_t>& others);

/// Sums over the processes. A process that ends while it is read is left out. CPU time and page faults include ended
/// threads, but not ended processes.
ProcessSample sampleProcesses(const ProcessTree& tree);

/// Of all live threads. Reads a file for each: not under load.
std::map<std::int64_t, ContextSwitches> sampleSwitches(const std::set<pid_t>& pids);

/// The process's CPU clock in nanoseconds, including ended threads; 0 when the process has ended.
std::uint64_t processCpuNs(pid_t pid);

/// Whether any thread is on a processor, or waits for one or for a disk.
bool anyRuns(const ProcessTree& tree);

/// Only threads, descriptors and processes: cheap, for waiting until the target stands still.
ProcessSample sampleActivity(const ProcessTree& tree);

}  // namespace leakgate
