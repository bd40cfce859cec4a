// Limits how often a client may ask: a token bucket for each key.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "h3http/detail/seeded_hash.hpp"
#include "h3http/middleware.hpp"

namespace h3 {

/// A bucket that holds `requests` tokens and fills up in `windowSeconds`; each request takes one.
struct RateLimitRule {
  std::uint32_t requests = 100;      ///< 1 to 1,000,000
  std::uint32_t windowSeconds = 60;  ///< 1 to one day
};

struct RateLimitResult {
  bool allowed = true;
  std::uint32_t remaining = 0;          ///< requests that are possible now
  std::uint32_t resetSeconds = 0;       ///< until the bucket is full
  std::uint32_t retryAfterSeconds = 0;  ///< until the next request is allowed, when this one is not
};

/// Keeps buckets under keys. Called by all workers concurrently, within a request: it must not wait for long.
class RateLimitStore {
 public:
  virtual ~RateLimitStore() = default;
  /// Takes a token of the key's bucket. `nowNs`: of the monotonic clock.
  virtual RateLimitResult take(std::string_view key, const RateLimitRule& rule, std::uint64_t nowNs) = 0;
};

/// Buckets in the memory of this process, for all its workers.
///
/// At most `maxKeys`: the least recently used key makes way, and has a full bucket when it comes back. So who uses more
/// keys than that at once is not limited by them; 100,000 keys cost 5 MB. Keys are kept as 128 bits of a secret hash. In
/// 16 shards, each with a mutex. Allocates: in the constructor only; memory of keys that never came is not touched.
/// Threads: any. Errors: std::invalid_argument for maxKeys out of range.
class MemoryRateLimitStore final : public RateLimitStore {
 public:
  explicit MemoryRateLimitStore(std::uint32_t maxKeys = 100'000);  ///< 16 to 100 million
  ~MemoryRateLimitStore() override;

  RateLimitResult take(std::string_view key, const RateLimitRule& rule, std::uint64_t nowNs) override;
  std::size_t size() const;  ///< keys

 private:
  struct Shard;
  static constexpr std::size_t kShards = 16;

  SeededHash hash_;
  SeededHash secondHash_;
  std::array<std::unique_ptr<Shard>, kShards> shards_;
};

struct RateLimitOptions {
  RateLimitRule rule = {};
  /// What is counted, such as an API key or a login's name; valid until the event ends. "" is not limited. Without it the
  /// client's address, an IPv6 client by its /64: behind a proxy give the address that it forwards.
  std::function<std::string_view(Event&)> key = {};
  /// Shared by several limits or with other instances; without it one of its own in memory.
  std::shared_ptr<RateLimitStore> store = {};
  /// Distinguishes limits in the fields, and in a shared store: a token of RFC 9110.
  std::string name = "default";
  bool sendFields = true;  ///< RateLimit and RateLimit-Policy, in all responses; Retry-After is always sent
};

/// Refuses requests of a key whose bucket is empty: 429 with Retry-After.
///
/// For an app, a prefix or one route: `app.post("/login", login).useFast(rateLimit({.rule = {5, 60}}))`. Allocates: nothing
/// on the heap. Errors: std::invalid_argument for a rule or name out of range. Source: RFC 6585 4; the fields are those of
/// draft-ietf-httpapi-ratelimit-headers-10.
FastMiddleware rateLimit(RateLimitOptions options = {});

}  // namespace h3
