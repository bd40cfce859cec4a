// The process between leakgate and the target.
//
//   leakgate --command pipe--> guard --fork--> target --fork--> workers, daemons ...
//            <--reports pipe--   ^--log pipe--
//
// The guard is the target's parent and the subreaper of all its descendants: a process that starts its own
// session or loses its parent becomes the guard's child. When leakgate closes the command pipe, or is killed
// by any signal, the guard kills them all. It reaps them, and keeps the end of their output.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace leakgate {

/// A message from the guard to leakgate.
struct GuardReport {
  enum Kind : std::int32_t { started, ended };
  std::int32_t kind = started;
  std::int32_t pid = 0;     ///< of the target
  std::int32_t status = 0;  ///< as of waitpid, when it has ended
};

/// Everything that guard and target need, prepared before fork: afterwards only async-signal-safe calls are
/// allowed.
struct GuardPlan {
  const char* executable = nullptr;
  char* const* arguments = nullptr;
  char* const* environment = nullptr;
  int input = -1;         ///< the target's standard input
  int output = -1;        ///< write end of the log pipe: its standard output and error
  int outputReader = -1;  ///< read end of the log pipe
  int logFile = -1;       ///< open for reading and writing
  int execError = -1;     ///< write end: errno when exec fails; closed by a successful exec
  int command = -1;       ///< read end
  int reports = -1;       ///< write end
};

/// The log file holds at most twice this: its end is kept.
inline constexpr std::int64_t kKeptLogBytes = 1 << 20;

/// Call it in a child of fork. Starts the target and runs until all its processes are gone.
[[noreturn]] void guardTarget(const GuardPlan& plan);

}  // namespace leakgate
