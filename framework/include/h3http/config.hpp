// Configuration of a server: addresses, limits, timeouts, memory, caches.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/drift.hpp"
#include "h3http/memory_manager.hpp"

namespace h3 {

/// Limits for clients. A request beyond one gets the given status.
struct LimitConfig {
  std::size_t targetBytes = 8 * 1024;  ///< request target; 414. 256 to 64 KiB
  /// Refuse what browsers send unencoded although RFC 3986 forbids it: `[ ] |` in the target, and in its query
  /// `^ { } \` and the backquote; 400. Else accepted; in Event::path() they are encoded.
  bool strictTargets = false;
  std::size_t headerBytes = 16 * 1024;    ///< all field lines; 431. 1 KiB to 256 KiB
  std::size_t headerCount = 100;          ///< field lines; 431. 8 to 100
  std::uint64_t bodyBytes = 1024 * 1024;  ///< request body, decoded; 413. 0 to 16 MiB
  /// Of all threads; 503. 1 to 1,000,000. The process's limit of descriptors is raised to it at the start; if the hard
  /// limit forbids that, a warning is logged.
  std::size_t connections = 10'000;
  std::size_t connectionsPerAddress = 10'000;  ///< of one client address; 503. 1 to 1,000,000
  std::size_t pipelineDepth = 64;              ///< responses gathered before they are written. 1 to 1,024
  std::size_t outputBytes =
      256 * 1024;  ///< unsent responses per connection; reading pauses beyond. 4 KiB to 16 MiB
  /// Memory for unsent responses and unread uploads of all connections; each thread has an equal share.
  /// Beyond it the connections with the slowest clients are reset. 1 MiB to 1 TiB
  std::size_t heldBytes = 256 * 1024 * 1024;
};

/// Deadlines in milliseconds, checked four times a second.
struct TimeoutConfig {
  std::uint32_t headerMs = 10'000;  ///< first byte of a request to the end of its head; 408
  /// How long a body may stall; 408. Each of its bytes then buys 1 / bodyBytesPerSecond seconds, up to
  /// bodyGraceMs ahead.
  std::uint32_t bodyGraceMs = 5'000;
  std::uint32_t bodyBytesPerSecond = 240;  ///< minimum rate of a body. 0 to 1 GB/s; 0: no minimum
  /// From a request's being read to its deferred response; 504, and the connection is closed. 0: as long as it
  /// takes. At most one day.
  std::uint32_t handlerMs = 60'000;
  std::uint32_t idleMs = 60'000;  ///< between two requests of a connection; it is closed
  /// Whether responses that keep their connection tell the client idleMs, in whole seconds: `Keep-Alive: timeout=60`.
  /// Clients that reuse connections then close them first, instead of meeting the server's close. Not below 1,000 ms.
  bool announceIdle = false;
  /// How long a client may take nothing of a response; it is reset. Each byte that it takes (acknowledges)
  /// buys 1 / writeBytesPerSecond seconds, up to writeMs ahead.
  std::uint32_t writeMs = 10'000;
  std::uint32_t writeBytesPerSecond = 4'096;  ///< minimum rate of a response. 0 to 1 GB/s; 0: no minimum
  std::uint32_t lingerMs =
      2'000;  ///< after a refusal: how long unread bytes are drained, so that the response arrives
  std::uint32_t drainMs = 10'000;  ///< from the start of the drain until open requests are cut off
  /// From SIGTERM until the drain starts: the server serves as before, but /readyz responds with 503, so that balancers
  /// send their clients elsewhere. See healthEndpoints(). 0 to one day; Server::drain() does not wait.
  std::uint32_t unreadyMs = 0;
};

/// Threads for work that would hold up a worker's loop; see h3::blocking(). Shared by all workers.
struct BlockingConfig {
  unsigned threads = 4;          ///< started by the first call. 1 to 256
  std::size_t queueCalls = 256;  ///< that wait for a thread; further ones get a 503. 0 to 1,000,000
};

/// The PROXY protocol, versions 1 and 2, with which load balancers and proxies tell for whom they connect: HAProxy
/// (`send-proxy`, `send-proxy-v2`), nginx, AWS NLB and others. Off while `peers` is empty.
///
/// The client in the header is then the connection's peer: for Event::clientAddress(), connectionsPerAddress, rate
/// limits, logs and trustProxies(). A connection of another peer is closed: read as plain, it would let anybody past the
/// proxy, and one who is missing in the list would pass for the client of all its requests. So is one whose header is
/// malformed or longer than 4,096 bytes. Counted in /metrics, and logged at most every 10 s.
/// Source: HAProxy's proxy-protocol.txt.
struct ProxyProtocolConfig {
  /// Addresses of the proxies: "10.0.0.7", "10.0.0.0/8", "fd00::/8": then every connection to the TCP port must begin with
  /// a header. "unix": so must those to the unix socket. A socket without peers takes no headers.
  std::vector<std::string> peers = {};
  std::uint32_t headerMs = 5'000;  ///< from accept to the end of the header; it is closed. 1 to one minute
};

struct MemoryConfig {
  AllocationStrategy strategy = AllocationStrategy::balanced;
  std::size_t contextKeys = 4'096;  ///< keys that one event may hold. 16 to 65,536
};

struct RouteCacheConfig {
  std::size_t entries = 0;          ///< per thread; 0: no cache. At most 1,000,000
  std::vector<std::string> warmUp;  ///< paths looked up with GET before the first request
};

struct StringPoolConfig {
  std::size_t entries = 1'024;     ///< per thread
  std::size_t bytes = 256 * 1024;  ///< per thread
};

/// What waits for the sockets and moves their bytes.
enum class ReactorKind : std::uint8_t {
  automatic,  ///< epoll, at present
  epoll,      ///< works everywhere
  /// Up to a fifth less CPU per request. Linux 6.1 or later; an error at the start if a container or the
  /// kernel forbids it.
  ioUring,
};

/// "automatic", "epoll" or "io_uring"; throws ConfigError on another.
ReactorKind reactorKind(std::string_view name);
std::string_view nameOf(ReactorKind kind);

/// Configuration of one server.
///
/// Every field takes effect. Start from a preset and change what differs. Errors: validate() throws
/// ConfigError, which names each wrong field, its value and the expected one.
struct Config {
  /// Numeric IPv4 or IPv6, or a name, of which all addresses are used: localhost is 127.0.0.1 and ::1. "": none (a unix
  /// socket only).
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;  ///< 0: the system chooses one
  std::string unixPath;       ///< a unix domain socket beside or instead of the TCP port; "" for none
  /// Permissions of the unix socket, such as 0660; 0: as the umask leaves them. 0 to 0777. To connect needs write
  /// permission.
  std::uint32_t unixMode = 0;
  std::string
      unixUser;  ///< owner of the unix socket, by name; "" for the process's. Needs the right to chown
  std::string unixGroup;  ///< its group, by name; "" for the process's
  unsigned threads = 1;   ///< 1 to 256; each has its own loop, pools, cache and counters
  ReactorKind reactor = ReactorKind::automatic;
  std::string serverName;     ///< Server field of every response; "": none
  bool exposeErrors = false;  ///< a 500 shows the exception's text to the client (development only)
  LimitConfig limits;
  TimeoutConfig timeouts;
  ProxyProtocolConfig proxyProtocol;
  MemoryConfig memory;
  RouteCacheConfig routeCache;
  StringPoolConfig stringPool;
  BlockingConfig blocking;
  MonitorConfig monitor;

  static Config development();
  static Config production();
  static Config testing();
  /// By name: "development", "production", "testing"; throws ConfigError on another.
  static Config preset(std::string_view name);

  void validate() const;
};

class ConfigError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

}  // namespace h3
