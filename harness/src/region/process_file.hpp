// Reads files of /proc/PID.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// The text of /proc/PID/NAME; empty when it cannot be read. A process may end at any moment, and then even
/// an open file gives ESRCH: that is no error here.
std::string processFile(pid_t pid, std::string_view name);

/// Whether a state of /proc/PID/stat is a zombie's ('Z'), or stands for no process at all ('X').
constexpr bool hasEnded(char state) { return state == 'Z' || state == 'X'; }

/// From /proc/PID/stat. Source: proc(5).
struct ProcessStat {
  char state = 'X';  ///< 'X' also when the process has ended
  pid_t parent = 0;
  std::uint64_t minorFaults = 0;  ///< pages mapped without reading a disk, ended threads included
  std::uint64_t majorFaults = 0;  ///< pages read from a disk
  std::uint64_t userTicks = 0;    ///< on a processor in its own code, ended threads included
  std::uint64_t systemTicks = 0;  ///< in the kernel
  std::uint64_t threads = 0;
  std::uint64_t startTicks = 0;

  bool isRunning() const { return !hasEnded(state); }
};

ProcessStat processStat(pid_t pid);

/// The state of one thread: 'R' runs or waits for a processor, 'X' has ended ...
char threadState(pid_t pid, pid_t thread);

/// How often a thread has left the processor.
struct ContextSwitches {
  std::uint64_t voluntary = 0;    ///< to wait
  std::uint64_t involuntary = 0;  ///< its time was over, or another was more urgent

  friend bool operator==(const ContextSwitches&, const ContextSwitches&) = default;
};

/// Of one thread, from /proc/PID/task/TID/status; none when it has ended.
ContextSwitches contextSwitches(pid_t pid, pid_t thread);

/// The threads of a process; empty when it has ended.
std::vector<pid_t> threadsOf(pid_t pid);

}  // namespace leakgate
