// Call stacks of a running process, from outside of it.
#pragma once

#include <sys/types.h>

#include <memory>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

/// Reads the stacks of threads that the calling thread has stopped by ptrace. By the unwinding tables of the
/// files that the process has mapped: frame pointers are not needed, and code made at run time ends a stack.
///
/// Threads: one owner, the one that traces. Memory: the tables of the process's modules, until destroyed.
class ProcessUnwinder {
 public:
  /// Knows the modules that are mapped now.
  explicit ProcessUnwinder(pid_t pid);
  ~ProcessUnwinder();
  ProcessUnwinder(const ProcessUnwinder&) = delete;
  ProcessUnwinder& operator=(const ProcessUnwinder&) = delete;

  /// Return addresses, innermost first, as Symbolizer::frames takes them: of the innermost frame the byte
  /// after its first. At most 128. Empty when the thread is not stopped or its code is in no file.
  std::vector<CodeLocation> stackOf(pid_t thread);

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace leakgate
