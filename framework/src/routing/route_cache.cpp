#include "routing/route_cache.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>

#include "http/short_text.hpp"

namespace h3 {

namespace {
constexpr std::uint32_t kNone = 0xFFFFFFFF;
}

struct RouteCache::Entry {
  std::uint32_t hash;
  std::uint32_t chainNext;
  std::uint32_t routeId;
  std::uint16_t pathBytes;
  Method method;
  std::uint8_t paramCount;
};

struct RouteCache::Key {
  char path[kMaxPathBytes];
};

/// Names by address, values by their place in the path.
struct RouteCache::Params {
  struct Param {
    const char* name;
    std::uint16_t nameBytes;
    std::uint16_t valueOffset;
    std::uint16_t valueBytes;
  };
  Param params[RouteParams::kCapacity];
};

RouteCache::RouteCache(std::size_t capacity, SeededHash hash)
    : hash_(hash), capacity_(static_cast<std::uint32_t>(std::min<std::size_t>(capacity, kMaxCapacity))) {
  if (capacity_ == 0) return;
  // At most a quarter full, so that few keys share a bucket: following a chain is a mispredicted branch.
  buckets_.assign(std::bit_ceil(4 * std::size_t{capacity_}), kNone);
  bucketMask_ = static_cast<std::uint32_t>(buckets_.size() - 1);
  links_.resize(capacity_ + 1);
  entries_.resize(capacity_);
  keys_.resize(capacity_);
  params_.resize(capacity_);
  invalidate();
}

RouteCache::~RouteCache() = default;

inline std::uint32_t RouteCache::hashOf(Method method, std::string_view path) const noexcept {
  return static_cast<std::uint32_t>(hash_(path, static_cast<std::uint64_t>(method)));
}

inline std::uint32_t RouteCache::lookUp(std::uint32_t hash, Method method,
                                        std::string_view path) const noexcept {
  for (std::uint32_t i = buckets_[hash & bucketMask_]; i != kNone; i = entries_[i].chainNext) {
    const Entry& entry = entries_[i];
    if (entry.hash == hash && entry.method == method && entry.pathBytes == path.size() &&
        equalTexts(keys_[i].path, path.data(), path.size()))
      return i;
  }
  return kNone;
}

bool RouteCache::find(Method method, std::string_view path, RouteMatch& match, RouteParams& params) noexcept {
  if (capacity_ == 0) return false;
  const std::uint32_t index =
      path.size() > kMaxPathBytes ? kNone : lookUp(hashOf(method, path), method, path);
  if (index == kNone) {
    ++stats_.misses;
    return false;
  }
  ++stats_.hits;
  if (links_[capacity_].older != index) makeNewest(index);
  const Entry& entry = entries_[index];
  match = {RouteMatch::Outcome::found, {}, entry.routeId};
  params.clear();
  for (std::size_t i = 0; i < entry.paramCount; ++i) {
    const auto& param = params_[index].params[i];
    params.add({param.name, param.nameBytes}, {path.data() + param.valueOffset, param.valueBytes});
  }
  return true;
}

[[gnu::noinline]] void RouteCache::insert(Method method, std::string_view path, const RouteMatch& match,
                                          const RouteParams& params) noexcept {
  if (capacity_ == 0 || match.outcome != RouteMatch::Outcome::found || path.size() > kMaxPathBytes) return;
  const std::uint32_t hash = hashOf(method, path);
  std::uint32_t index = lookUp(hash, method, path);
  if (index != kNone) {
    makeNewest(index);
  } else {
    index = takeEntry();
    std::uint32_t& bucket = bucketOf(hash);
    entries_[index].hash = hash;
    entries_[index].method = method;
    entries_[index].chainNext = bucket;
    bucket = index;
    linkNewest(index);
    ++stats_.insertions;
  }
  store(index, match, path, params);
}

std::size_t RouteCache::warm(const Router& router, std::span<const std::string_view> paths,
                             Method method) noexcept {
  std::size_t kept = 0;
  RouteParams params;
  for (const std::string_view path : paths) {
    const RouteMatch match = router.find(method, path, params);
    insert(method, path, match, params);
    if (capacity_ > 0 && match.outcome == RouteMatch::Outcome::found && path.size() <= kMaxPathBytes) ++kept;
  }
  return kept;
}

void RouteCache::invalidate() noexcept {
  std::ranges::fill(buckets_, kNone);
  size_ = 0;
  if (capacity_ > 0) links_[capacity_] = {capacity_, capacity_};
}

RouteCacheStats RouteCache::stats() const noexcept {
  RouteCacheStats result = stats_;
  result.size = size_;
  result.capacity = capacity_;
  return result;
}

// A fresh entry while there is one, else the least recently used.
std::uint32_t RouteCache::takeEntry() noexcept {
  if (size_ < capacity_) return size_++;
  const std::uint32_t oldest = links_[capacity_].newer;
  unlink(oldest);
  unchain(oldest);
  ++stats_.evictions;
  return oldest;
}

void RouteCache::store(std::uint32_t index, const RouteMatch& match, std::string_view path,
                       const RouteParams& params) noexcept {
  Entry& entry = entries_[index];
  entry.routeId = match.routeId;
  entry.pathBytes = static_cast<std::uint16_t>(path.size());
  entry.paramCount = static_cast<std::uint8_t>(params.size());
  std::memcpy(keys_[index].path, path.data(), path.size());
  for (std::size_t i = 0; i < params.size(); ++i) {
    const RouteParam param = params[i];
    assert(param.value.data() >= path.data() &&
           param.value.data() + param.value.size() <= path.data() + path.size());
    params_[index].params[i] = {param.name.data(), static_cast<std::uint16_t>(param.name.size()),
                                static_cast<std::uint16_t>(param.value.data() - path.data()),
                                static_cast<std::uint16_t>(param.value.size())};
  }
}

void RouteCache::unchain(std::uint32_t index) noexcept {
  std::uint32_t* link = &bucketOf(entries_[index].hash);
  while (*link != index) link = &entries_[*link].chainNext;
  *link = entries_[index].chainNext;
}

void RouteCache::linkNewest(std::uint32_t index) noexcept {
  const std::uint32_t newest = links_[capacity_].older;
  links_[index] = {capacity_, newest};
  links_[newest].newer = index;
  links_[capacity_].older = index;
}

void RouteCache::makeNewest(std::uint32_t index) noexcept {
  unlink(index);
  linkNewest(index);
}

void RouteCache::unlink(std::uint32_t index) noexcept {
  const Link link = links_[index];
  links_[link.newer].older = link.older;
  links_[link.older].newer = link.newer;
}

}  // namespace h3
