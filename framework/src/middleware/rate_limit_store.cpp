#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>

#include "h3http/rate_limit.hpp"
#include "memory/lru_table.hpp"

namespace h3 {

// When the bucket will be full: it holds (rule's window - time until then) / interval tokens. One number instead of a count
// and a time, and no refill (the generic cell rate algorithm).
struct RateLimitBucket {
  std::uint64_t fullNs = 0;
};

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::uint32_t secondsUp(std::uint64_t ns) {
  return static_cast<std::uint32_t>((ns + kNsPerSecond - 1) / kNsPerSecond);
}

RateLimitResult takeToken(RateLimitBucket& bucket, const RateLimitRule& rule, std::uint64_t nowNs) {
  const std::uint64_t interval = rule.windowSeconds * kNsPerSecond / rule.requests;
  const std::uint64_t window = interval * rule.requests;
  // A clock that another worker read later may be ahead, but never by a window.
  const std::uint64_t full = std::clamp(bucket.fullNs, nowNs, nowNs + window);
  const std::uint64_t after = full + interval;
  RateLimitResult result;
  result.allowed = after - nowNs <= window;
  if (result.allowed) bucket.fullNs = after;
  const std::uint64_t untilFull = (result.allowed ? after : full) - nowNs;
  result.remaining = static_cast<std::uint32_t>((window - untilFull) / interval);
  result.resetSeconds = secondsUp(untilFull);
  if (!result.allowed) result.retryAfterSeconds = std::max(secondsUp(after - nowNs - window), 1U);
  return result;
}

}  // namespace

/// Buckets of a part of the keys.
struct MemoryRateLimitStore::Shard {
  explicit Shard(std::uint32_t maxKeys) : table(maxKeys) {}

  std::mutex mutex;
  LruTable<2, RateLimitBucket> table;
};

MemoryRateLimitStore::MemoryRateLimitStore(std::uint32_t maxKeys) {
  if (maxKeys < 16 || maxKeys > 100'000'000)
    throw std::invalid_argument("rate limit: maxKeys " + std::to_string(maxKeys) +
                                ", expected 16 to 100000000");
  for (auto& shard : shards_) shard = std::make_unique<Shard>(maxKeys / static_cast<std::uint32_t>(kShards));
}

MemoryRateLimitStore::~MemoryRateLimitStore() = default;

RateLimitResult MemoryRateLimitStore::take(std::string_view key, const RateLimitRule& rule,
                                           std::uint64_t nowNs) {
  const LruTable<2, RateLimitBucket>::Key words = {hash_(key), secondHash_(key)};
  Shard& shard = *shards_[words[1] % kShards];
  const std::lock_guard lock(shard.mutex);
  auto* entry = shard.table.find(words);
  if (entry == nullptr) {
    if (shard.table.full()) shard.table.erase(*shard.table.oldest());
    entry = &shard.table.insert(words);
  }
  return takeToken(entry->value, rule, nowNs);
}

std::size_t MemoryRateLimitStore::size() const {
  std::size_t sum = 0;
  for (const auto& shard : shards_) {
    const std::lock_guard lock(shard->mutex);
    sum += shard->table.size();
  }
  return sum;
}

}  // namespace h3
