#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "h3http/detail/route_params.hpp"
#include "h3http/detail/seeded_hash.hpp"
#include "h3http/method.hpp"
#include "routing/router.hpp"

namespace h3 {

struct RouteCacheStats {
  std::uint64_t hits = 0;
  std::uint64_t misses = 0;
  std::uint64_t insertions = 0;
  std::uint64_t evictions = 0;
  std::size_t size = 0;
  std::size_t capacity = 0;

  /// 0..1; 1 when nothing was asked yet.
  double hitRatio() const noexcept {
    const std::uint64_t total = hits + misses;
    return total == 0 ? 1.0 : static_cast<double>(hits) / static_cast<double>(total);
  }
};

/// Remembers which route a method and a path matched.
///
/// Capacity is fixed, in entries; the least recently used one is replaced. Keys are copies. Only found routes
/// are kept, and only paths of up to kMaxPathBytes: clients choose paths, so misses must not evict hits.
/// Capacity 0 disables it: nothing is kept or counted. Lifetime: names in the filled RouteParams live in the
/// router, which must outlive the cache; values are views into the path given to find(), not into the cache.
/// Allocates: in the constructor only.   Threads: one owner.
class RouteCache {
 public:
  static constexpr std::size_t kMaxPathBytes = 256;
  static constexpr std::size_t kMaxCapacity = std::size_t{1} << 24;  ///< A greater capacity is cut to this.

  explicit RouteCache(std::size_t capacity, SeededHash hash = SeededHash());
  ~RouteCache();
  RouteCache(const RouteCache&) = delete;
  RouteCache& operator=(const RouteCache&) = delete;

  /// On a hit fills `match` and `params` and makes the entry the most recently used; on a miss changes
  /// neither.
  bool find(Method method, std::string_view path, RouteMatch& match, RouteParams& params) noexcept;

  /// Stores a result of Router::find() for the same path. Does nothing when nothing was found or the path is
  /// too long.
  void insert(Method method, std::string_view path, const RouteMatch& match,
              const RouteParams& params) noexcept;

  /// Looks up each path and stores the found ones; returns how many. For start-up.
  std::size_t warm(const Router& router, std::span<const std::string_view> paths,
                   Method method = Method::get) noexcept;

  /// Forgets all entries; the counters continue.
  void invalidate() noexcept;

  RouteCacheStats stats() const noexcept;

 private:
  struct Entry;
  struct Key;
  struct Params;
  struct Link {
    std::uint32_t newer;
    std::uint32_t older;
  };

  std::uint32_t hashOf(Method method, std::string_view path) const noexcept;
  std::uint32_t lookUp(std::uint32_t hash, Method method, std::string_view path) const noexcept;
  std::uint32_t takeEntry() noexcept;
  void store(std::uint32_t index, const RouteMatch& match, std::string_view path,
             const RouteParams& params) noexcept;
  void unchain(std::uint32_t index) noexcept;
  void linkNewest(std::uint32_t index) noexcept;
  void unlink(std::uint32_t index) noexcept;
  void makeNewest(std::uint32_t index) noexcept;
  std::uint32_t& bucketOf(std::uint32_t hash) noexcept { return buckets_[hash & bucketMask_]; }

  SeededHash hash_;
  std::uint32_t capacity_;
  std::uint32_t bucketMask_ = 0;
  std::uint32_t size_ = 0;
  std::vector<std::uint32_t> buckets_;  ///< First entry of each hash chain.
  std::vector<Link> links_;             ///< Order of use, a ring through one more link at [capacity_].
  std::vector<Entry> entries_;
  std::vector<Key> keys_;
  std::vector<Params> params_;
  RouteCacheStats stats_;
};

}  // namespace h3
