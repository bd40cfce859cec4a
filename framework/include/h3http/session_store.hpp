// Where sessions are kept: the interface, and a store in the process's memory.
//
// In the library h3http::security.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "h3http/arena.hpp"
#include "h3http/error.hpp"

namespace h3 {

/// What a store knows of a session's id: its SHA-256. Who reads a store learns no id.
using SessionKey = std::array<std::uint8_t, 32>;

/// A store that cannot be reached: the request gets a 503.
class SessionStoreError : public HttpError {
 public:
  explicit SessionStoreError(const std::string& message) : HttpError(503), detail_(message) {}
  const std::string& detail() const noexcept { return detail_; }  ///< for the log; not sent to clients

 private:
  std::string detail_;
};

/// Keeps records under keys, each for a time.
///
/// Called by all workers concurrently, within a request: a store that waits holds up its worker, so it must be quick or
/// have short timeouts. Errors: SessionStoreError from any function.
class SessionStore {
 public:
  virtual ~SessionStore() = default;

  /// A copy of the record in the arena, which is then kept for `ttlSeconds` from now; nullopt when there is none.
  virtual std::optional<std::string_view> load(const SessionKey& key, std::uint32_t ttlSeconds,
                                               Arena& arena) = 0;
  /// Keeps a record under a new key.
  virtual void create(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) = 0;
  /// Replaces a record. False, and nothing is kept, when there is none any more: a request that was under way must not
  /// bring back a session that another has destroyed.
  virtual bool replace(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) = 0;
  virtual void erase(const SessionKey& key) = 0;
};

/// Bounds of a MemorySessionStore; both hold for all its shards together.
struct MemorySessionStoreOptions {
  std::uint32_t maxEntries = 100'000;       ///< 16 to 100 million
  std::size_t maxBytes = 64 * 1024 * 1024;  ///< of records, in cells of 256 bytes. 1 MiB to 1 TiB
  std::int64_t (*nowSeconds)() = nullptr;   ///< since 1970; the system's clock unless given
};

struct MemorySessionStoreStats {
  std::uint64_t entries = 0;
  std::uint64_t bytes = 0;      ///< of records, in whole cells
  std::uint64_t evictions = 0;  ///< of sessions that had not expired: the bounds are too small for the load
  std::uint64_t expirations = 0;
};

/// Sessions in the memory of this process: they end with it, and another instance does not see them.
///
/// When a bound is reached the least recently used sessions make way. Divided by key into 16 shards, each with a mutex
/// and a sixteenth of the bounds. Allocates: tables in the constructor, whose memory is touched as it is used; memory for
/// records in slabs of 64 KiB until maxBytes, then nothing. Threads: any. Errors: std::invalid_argument for bounds;
/// create() and replace() throw std::length_error for a record that a shard cannot hold.
class MemorySessionStore final : public SessionStore {
 public:
  explicit MemorySessionStore(MemorySessionStoreOptions options = {});
  ~MemorySessionStore() override;

  std::optional<std::string_view> load(const SessionKey& key, std::uint32_t ttlSeconds,
                                       Arena& arena) override;
  void create(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) override;
  bool replace(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) override;
  void erase(const SessionKey& key) override;

  MemorySessionStoreStats stats() const;

 private:
  struct Shard;
  static constexpr std::size_t kShards = 16;

  Shard& shardOf(const SessionKey& key) const;

  std::array<std::unique_ptr<Shard>, kShards> shards_;
  std::int64_t (*nowSeconds_)();
};

}  // namespace h3
