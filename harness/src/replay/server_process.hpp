// The target as a running process.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/descriptor.hpp"

namespace leakgate {

/// What is started, all places expanded.
struct LaunchSpec {
  std::filesystem::path executable;
  std::vector<std::string> arguments;              ///< argv, with argv[0]
  std::map<std::string, std::string> environment;  ///< added to leakgate's own; replaces what is there
  std::filesystem::path logFile;                   ///< stdout and stderr
};

struct ExitResult {
  int status = 0;        ///< exit code, or 128 + signal
  bool drained = false;  ///< it ended by itself before the deadline
};

/// Starts a server in a process group apart from leakgate's, with fixed addresses (no ASLR) where the kernel
/// permits.
///
/// Whatever happens to leakgate, no server stays: the kernel kills the process when the starting thread ends,
/// and a guard process kills the whole group when leakgate is gone. A target that makes a session of its own
/// (a daemon) leaves that guard, so start servers in the foreground. Lifetime: the destructor kills what is
/// left of the group. Threads: one owner, the thread that constructed it must outlive it. Errors:
/// MeasureError.
class ServerProcess {
 public:
  explicit ServerProcess(const LaunchSpec& spec);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return pid_; }

  /// Throws MeasureError, with how it ended, when it no longer runs.
  void requireAlive();

  /// SIGTERM, then SIGKILL to the group when it still runs after the deadline.
  ExitResult stop(std::chrono::milliseconds drainTimeout);

  /// The last lines of its output, each indented, for messages; "" when it wrote none.
  std::string logTail() const;

 private:
  void launch(const LaunchSpec& spec);
  void startGuard();
  bool hasEnded();
  void killGroup();

  std::filesystem::path logFile_;
  pid_t pid_ = -1;
  pid_t guard_ = -1;
  Descriptor guardPipe_;  ///< the guard acts when its last writer is gone
  std::optional<int> waitStatus_;
};

}  // namespace leakgate
