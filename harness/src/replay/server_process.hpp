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
#include "replay/process_sampler.hpp"

namespace leakgate {

/// The program to start, all placeholders expanded.
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
/// Whatever happens to leakgate, no process of the server survives: a guard process (process_guard.hpp) is
/// the parent of them all, also of those that start their own session, and kills them when leakgate asks for
/// it or is gone. The log keeps the end of their output. Lifetime: the destructor kills the remaining
/// processes. Threads: one owner. Errors: MeasureError.
class ServerProcess {
 public:
  explicit ServerProcess(const LaunchSpec& spec);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return pid_; }

  /// The live ones, even if they left the process tree of the first one.
  ProcessTree processes() const;

  /// Throws TargetFailed, which says how the server ended, when it no longer runs.
  void requireAlive();

  /// Sends SIGTERM to the server, then SIGKILL to all its processes, at the latest after the deadline.
  ExitResult stop(std::chrono::milliseconds drainTimeout);

  /// The last lines of its output, each indented, for messages; "" when it wrote none. Terminal control
  /// characters are escaped.
  std::string logTail() const;

 private:
  void launch(const LaunchSpec& spec);
  bool hasEnded();
  void endAll();

  std::filesystem::path logFile_;
  pid_t pid_ = -1;
  pid_t guard_ = -1;
  Descriptor command_;  ///< the guard acts when its last writer is gone
  Descriptor reports_;  ///< of the guard
  std::optional<int> waitStatus_;
};

}  // namespace leakgate
