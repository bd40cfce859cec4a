// Sessions in Redis, for several instances behind a balancer.
//
// In the library h3http::redis, which needs hiredis.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "h3http/session_store.hpp"

namespace h3 {

/// Where Redis is, and how long to wait for it. There is no TLS: use a unix socket, or a network that only servers reach.
struct RedisOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 6379;
  std::string unixPath = {};           ///< a unix socket instead of host and port
  std::string user = {};               ///< of an access control list; "" for the default user
  std::string password = {};           ///< "" for none
  std::string prefix = "h3:session:";  ///< of each key; at most 64 bytes
  std::uint32_t timeoutMs = 200;       ///< to connect, and for each command: the worker waits. 1 to 10,000
  std::uint32_t retryMs =
      1000;  ///< after a failed connect: so long each request gets a 503 at once. Up to 60,000
  std::size_t idleConnections = 8;  ///< kept open, of all workers. 1 to 256
};

/// Keeps sessions as keys of Redis 6.2 or later (or Valkey) that expire there.
///
/// Connects when it is first used; a connection that the server has closed is replaced, and its command sent again. While a
/// command runs its worker does nothing else: Redis must be near. Threads: any; a connection serves one request at a time.
/// Allocates: hiredis allocates for each reply; see framework/doc/features.md. Errors: std::invalid_argument for options out
/// of range; SessionStoreError, which results in a 503, when Redis cannot be reached, is too slow or refuses a command.
class RedisSessionStore final : public SessionStore {
 public:
  explicit RedisSessionStore(RedisOptions options = {});
  ~RedisSessionStore() override;

  std::optional<std::string_view> load(const SessionKey& key, std::uint32_t ttlSeconds,
                                       Arena& arena) override;
  void create(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) override;
  bool replace(const SessionKey& key, std::string_view record, std::uint32_t ttlSeconds) override;
  void erase(const SessionKey& key) override;

 private:
  class Connections;

  std::string prefix_;
  std::unique_ptr<Connections> connections_;
};

}  // namespace h3
