// Reads call stacks of a running process, from outside.
#pragma once

#include <sys/types.h>

#include <memory>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

/// Reads the stacks of threads that the calling thread has stopped by ptrace. Uses the unwinding tables of
/// mapped files: frame pointers are not needed, and code generated at run time ends a stack.
///
/// Threads: one owner, the one that traces. Memory: the tables of the process's modules, until destroyed.
class ProcessUnwinder {
 public:
  /// Reads the modules that are mapped now.
  explicit ProcessUnwinder(pid_t pid);
  ~ProcessUnwinder();
  ProcessUnwinder(const ProcessUnwinder&) = delete;
  ProcessUnwinder& operator=(const ProcessUnwinder&) = delete;

  /// Return addresses, innermost first, as expected by Symbolizer::frames: for the innermost frame, pc plus
  /// one byte. At most 128. Empty when the thread is not stopped or its code is in no file.
  std::vector<CodeLocation> stackOf(pid_t thread);

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace leakgate
