// What the kernel says of the target's processes.
#pragma once

#include <sys/types.h>

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

/// Sums over the processes. One that ends while it is read is left out.
/// CPU time includes threads that have ended, but not processes that have.
ProcessSample sampleProcesses(const ProcessTree& tree);

/// The process's own clock: in nanoseconds, and with the time of threads that have ended; 0 when it has
/// ended.
std::uint64_t processCpuNs(pid_t pid);

/// Whether a thread is on a processor, waits for one, or for a disk.
bool anyRuns(const ProcessTree& tree);

/// Only threads, descriptors and processes: cheap, for waiting until the target stands still.
ProcessSample sampleActivity(const ProcessTree& tree);

}  // namespace leakgate
