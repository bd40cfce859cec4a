// What the kernel says of the target's processes.
#pragma once

#include <sys/types.h>

#include <set>
#include <vector>

#include "replay/run_record.hpp"

namespace leakgate {

/// `root` and its descendants, and `others` with theirs; those that have ended are left out.
std::set<pid_t> processTree(pid_t root, const std::vector<pid_t>& others);

/// Sums over the processes. One that ends while it is read is left out.
/// CPU time includes threads that have ended, but not processes that have.
ProcessSample sampleProcesses(const std::set<pid_t>& pids);

/// Only threads, descriptors and processes: cheap, for waiting until the target stands still.
ProcessSample sampleActivity(const std::set<pid_t>& pids);

}  // namespace leakgate
