#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "h3http/detail/seeded_hash.hpp"

namespace h3 {

struct StringPoolOptions {
  std::size_t maxEntries = 1024;
  std::size_t maxBytes = 64 * 1024;  ///< Sum of the lengths of all pooled strings; at most 4 GiB.
};

struct StringPoolStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;    ///< Strings that were added.
  std::uint64_t rejected = 0;  ///< Strings that did not fit.
  std::size_t entries = 0;
  std::size_t bytes = 0;

  /// 0..1; 1 when nothing was asked yet.
  double hitRatio() const noexcept {
    const std::uint64_t total = hits + misses + rejected;
    return total == 0 ? 1.0 : static_cast<double>(hits) / static_cast<double>(total);
  }
};

/// A bounded set of strings, each stored once; equal strings give the same view.
///
/// Lifetime: a view is valid as long as the pool; nothing is ever removed.
/// Allocates: in the constructor only.   Threads: one owner.
/// Errors: none; when the pool is full a new string is not pooled: nullopt.
class StringPool {
 public:
  explicit StringPool(StringPoolOptions options = {}, SeededHash hash = SeededHash());

  std::optional<std::string_view> intern(std::string_view text) noexcept;

  StringPoolStats stats() const noexcept { return stats_; }

 private:
  struct Slot {
    std::uint32_t hash;
    std::uint32_t length;
    std::uint32_t offset = kFree;
  };
  static constexpr std::uint32_t kFree = 0xFFFFFFFF;

  std::optional<std::string_view> add(Slot& slot, std::uint32_t hash, std::string_view text) noexcept;
  std::string_view textOf(const Slot& slot) const noexcept {
    return {bytes_.get() + slot.offset, slot.length};
  }

  StringPoolOptions options_;
  SeededHash hash_;
  std::vector<Slot> slots_;  ///< Open addressing, a power of two, at most half full.
  std::unique_ptr<char[]> bytes_;
  StringPoolStats stats_;
};

}  // namespace h3
