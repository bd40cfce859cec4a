// One process image that counts: its region, its modules, and whether it is alive.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "region/call_stacks.hpp"
#include "region/module_map.hpp"
#include "region/region_file.hpp"

namespace leakgate {

/// 0 when there is no such process, or when the kernel started it.
pid_t parentOf(pid_t pid);

/// Threads: one owner.   Errors: RegionError, from the region.
class TargetProcess {
 public:
  explicit TargetProcess(const std::filesystem::path& region)
      : file_(region), modules_(static_cast<pid_t>(file_.header().pid)) {}

  RegionFile& file() { return file_; }

  /// Unpacks a location. The result is valid as long as the object.
  const CodeLocation& locate(std::uint64_t packed);

  /// Number in `stacks` of this process's stack `number`; 0 when it has none.
  std::uint32_t stackNumber(std::uint64_t number, CallStacks& stacks);

  pid_t pid() const { return static_cast<pid_t>(file_.header().pid); }

  /// Whether the process that made the region still exists (and not another one with its pid).
  bool isAlive() const;

  /// Of two images of one process (exec), the later one is alive.
  std::uint64_t createdNs() const { return file_.header().createdNs; }

  /// Resident memory that counting itself takes: the region, shared with leakgate ...
  std::uint64_t regionBytes() const { return file_.residentBytes(); }

  /// ... and the shim's private tables.
  std::uint64_t privateBytes() const { return privateBytesIn(pid()); }

  /// The same in a child of fork, which has inherited them.
  std::uint64_t privateBytesIn(pid_t pid) const;

  RegionSample sample;  ///< the last one

 private:
  RegionFile file_;
  ModuleMap modules_;
  std::vector<std::string> modulePaths_;  ///< of the region's modules, as far as asked for
  std::unordered_map<std::uint64_t, CodeLocation> located_;
  std::vector<std::uint32_t> stackNumbers_;
};

}  // namespace leakgate
