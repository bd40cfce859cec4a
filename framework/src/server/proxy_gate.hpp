// Reads the PROXY header of a new socket, before there is a connection.
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "h3http/config.hpp"
#include "h3http/detail/object_pool.hpp"
#include "http/peer_list.hpp"
#include "monitor/worker_counters.hpp"
#include "protocol/proxy_header.hpp"
#include "server/connection.hpp"
#include "server/connection_limiter.hpp"
#include "server/handler_slot.hpp"
#include "session/clock.hpp"

namespace h3::server {

/// Stands between listeners and connections where ProxyProtocolConfig says so. What is behind it sees a socket that
/// begins with the client's bytes, and the client's address in place of the proxy's: a connection costs nothing more.
///
///     listener --admit()--> peer trusted? --> header --onClient(socket, client's address)--> connection
///
/// A header is peeked at and taken byte for byte, so that nothing behind it is. A waiting socket holds 5 KiB, and counts
/// as a connection. Sockets that are not handed over are closed without a byte.
///
/// Lifetime: what the constructor takes must outlive it, the context apart: it may end first, after closeAll().
/// Threads: one owner, the one that runs the context.
class ProxyGate {
 public:
  struct Actions {
    /// The header has been read; `client` is "unix" for a client of a unix socket. Counted in the limiter, by `client`.
    std::function<void(int socket, std::string_view client)> onClient;
    /// A limit of connections is reached.
    std::function<void(int socket)> onRefused;
  };

  ProxyGate(boost::asio::io_context& context, const ProxyProtocolConfig& config, WorkerCounters& counters,
            ConnectionLimiter& limiter, const session::Clock& clock, Actions actions);
  ~ProxyGate();
  ProxyGate(const ProxyGate&) = delete;
  ProxyGate& operator=(const ProxyGate&) = delete;

  /// Whether the socket on which this peer has arrived expects headers. `peer`: an address, or "unix".
  bool guards(std::string_view peer) const {
    return peer == "unix" ? peers_.hasUnix() : peers_.hasNetworks();
  }
  /// Takes over a socket.
  void admit(int socket, std::string_view peer) noexcept;
  /// Closes sockets whose header is late.
  void checkDeadlines(std::uint64_t nowMs);
  /// Closes all that wait.
  void closeAll();
  std::size_t waiting() const { return arrivals_.size(); }

 private:
  using Descriptor = boost::asio::posix::basic_stream_descriptor<boost::asio::io_context::executor_type>;

  struct Arrival {
    std::array<char, protocol::ProxyHeader::kMaxBytes> bytes;
    std::array<char, Connection::kAddressBytes> peer;
    HandlerSlot slot;
    std::optional<Descriptor> descriptor;  ///< once it waits
    std::size_t peerBytes = 0;
    std::size_t size = 0;
    std::size_t position = 0;  ///< in arrivals_
    std::uint64_t sinceMs = 0;
    int socket = -1;         ///< -1: closed, its wait has not ended yet
    bool isPending = false;  ///< its wait
  };

  void read(Arrival& arrival);
  bool readMore(Arrival& arrival);
  void wait(Arrival& arrival);
  void pass(Arrival& arrival, const protocol::ProxyHeader& header);
  int leave(Arrival& arrival);
  void remove(Arrival& arrival);
  void close(Arrival& arrival);
  void warn(std::string_view peer, std::string_view problem);

  boost::asio::io_context* context_;
  const ProxyProtocolConfig* config_;
  WorkerCounters* counters_;
  ConnectionLimiter* limiter_;
  const session::Clock* clock_;
  Actions actions_;
  PeerList peers_;
  ObjectPool<Arrival> pool_;
  std::vector<Arrival*> arrivals_;
  std::uint64_t warnAtMs_ = 0;
};

}  // namespace h3::server
