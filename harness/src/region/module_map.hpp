// Maps a return address in the target to the file that contains it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "region/snapshot.hpp"

namespace leakgate {

/// The files that a process has mapped for execution, and where.
///
/// Each address is looked up once and the result is kept, so a place in a library keeps its name after the
/// library is unloaded. Threads: one owner.   Errors: none; an address in no file has the module "" and
/// itself as offset.
class ModuleMap {
 public:
  explicit ModuleMap(pid_t pid) : pid_(pid) {}

  /// Valid until the object ends.
  const CodeLocation& locate(std::uint64_t address);

 private:
  /// A line of /proc/PID/maps.
  struct Mapping {
    std::uint64_t start, end, fileOffset, inode;
    std::string path;
  };
  /// An executable PT_LOAD of a file.
  struct CodeSegment {
    std::uint64_t fileOffset, bytes, address;
  };

  void load();
  const Mapping* find(std::uint64_t address) const;
  std::uint64_t toFileAddress(const Mapping& mapping, std::uint64_t fileOffset);
  std::vector<CodeSegment> readCodeSegments(const Mapping& mapping) const;

  pid_t pid_;
  std::vector<Mapping> mappings_;
  std::map<std::string, std::vector<CodeSegment>> files_;
  std::unordered_map<std::uint64_t, CodeLocation> known_;
};

}  // namespace leakgate
