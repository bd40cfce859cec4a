// Collects garbage in a target's runtimes before a checkpoint.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include "replay/managed_heap.hpp"

namespace leakgate {

/// Makes runtimes collect, where they allow it, and reads what is still live: Node.js and CPython by a script
/// that they get through the environment, a JVM by its attach protocol. Others are judged by resident memory.
///
/// Errors: MeasureError when the scripts cannot be written. Threads: one owner.
class HeapCollectors {
 public:
  /// Writes the scripts into `directory`, which outlives the object. `placesWanted`: also reports where
  /// objects were allocated, which costs the target time.
  HeapCollectors(const std::filesystem::path& directory, bool placesWanted);

  /// Adds what the scripts need to the environment of a target, in front of the value of a variable that is
  /// already set.
  void prepare(std::map<std::string, std::string>& environment, const std::set<RuntimeInProcess>& executable);

  /// Collects in these processes. A heap that does not report in time is skipped from then on.
  ManagedHeaps collect(const std::map<pid_t, std::set<RuntimeInProcess>>& processes);

 private:
  template <class Ask>
  void add(ManagedHeaps& heaps, Runtime runtime, const std::string& name, const Ask& ask);
  void addScripted(ManagedHeaps& heaps, const std::map<pid_t, std::set<RuntimeInProcess>>& processes);

  std::filesystem::path scripts_;
  std::filesystem::path sockets_;
  bool placesWanted_ = false;
  std::set<std::string> silent_;  ///< sockets and JVMs that failed to report once: not asked again
};

}  // namespace leakgate
