// One process image's region file, read without mapping it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "region/layout.hpp"
#include "region/snapshot.hpp"

namespace leakgate {

/// One reading. `sums` is by id, over all segments: see layout.hpp.
struct RegionSample {
  std::vector<layout::Counter> sums;
  std::vector<layout::ResourceSite> resources;
  std::uint64_t threadsSeen = 0;
  std::uint64_t eventsDropped = 0;
  std::uint64_t resourcesFolded = 0;
  std::uint64_t stacksFolded = 0;
  std::uint64_t stacksMissed = 0;

  /// Without foreign blocks.
  MemoryTotals totals() const;
};

bool operator==(const RegionSample& left, const RegionSample& right);

/// Reads with pread: no more than the header says and the file contains, and reading makes no page resident
/// (a mapping of a sparse file in /dev/shm would). The target keeps writing: single words are consistent, but
/// only two equal samples in a row show one moment. Threads: one owner.   Errors: RegionError.
class RegionFile {
 public:
  explicit RegionFile(std::filesystem::path path);
  ~RegionFile();
  RegionFile(const RegionFile&) = delete;
  RegionFile& operator=(const RegionFile&) = delete;

  /// The fixed part stays valid for the object's lifetime; the counts are those of the last sample().
  const layout::RegionHeader& header() const { return header_; }
  const std::filesystem::path& path() const { return path_; }

  /// Reads the counters, and new entries of the other tables.
  RegionSample sample();

  const std::vector<std::string>& scopes() const { return scopes_; }
  const std::vector<layout::SiteKey>& sites() const { return sites_; }
  const std::vector<layout::Module>& modules() const { return modules_; }
  const std::vector<layout::Stack>& stacks() const { return stacks_; }

  /// Packed locations, innermost first.
  std::span<const std::uint64_t> framesOf(const layout::Stack& stack) const;

  /// Memory that the file takes; it is sparse.
  std::uint64_t residentBytes() const;

 private:
  void check() const;
  void readHeader();
  void readScopes();
  std::vector<layout::ResourceSite> readResources() const;
  void readStacks();
  template <class Entry>
  void readNew(std::vector<Entry>& known, std::uint64_t offset, std::uint64_t count) const;
  void readAt(std::uint64_t offset, void* into, std::uint64_t bytes) const;
  std::uint64_t fileBytes() const;

  std::filesystem::path path_;
  int file_ = -1;
  layout::RegionHeader header_{};
  std::vector<std::string> scopes_;
  std::vector<layout::SiteKey> sites_;
  std::vector<layout::Module> modules_;
  std::vector<layout::Stack> stacks_;
  std::vector<std::uint64_t> frames_;
};

}  // namespace leakgate
