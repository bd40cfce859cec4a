// A region file as the shim would write it, made by hand.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "region/layout.hpp"

namespace leakgate {

/// Set the fields, then write().
struct FakeRegion {
  static constexpr std::uint32_t kSites = 8;
  static constexpr std::uint32_t kStacks = 4;

  FakeRegion();

  /// Claims to be this process; by default the test itself.
  void belongTo(pid_t pid);

  /// Adds a segment with counters by id.
  std::vector<layout::Counter>& addSegment();

  /// Returns the path, <directory>/<pid>-<number>.region.
  std::filesystem::path write(const std::filesystem::path& directory, int number = 0) const;

  layout::RegionHeader header{};
  std::vector<std::string> scopes{""};
  std::vector<layout::Module> modules;
  std::vector<layout::SiteKey> sites;
  std::vector<layout::Stack> stacks;
  std::vector<std::uint64_t> frames;
  std::vector<layout::ResourceSite> resources;
  std::vector<std::vector<layout::Counter>> segments;
};

inline constexpr std::uint64_t kNowhere = 16;  ///< no code lies at so low an address

/// A site in scope "parse", with 5 allocations and 2 frees.
FakeRegion regionWithOneSite();

/// The message of the error that reading the directory gives, "" when there is none.
std::string refusal(const std::filesystem::path& directory);

}  // namespace leakgate
