// The PROXY protocol: the header in which a proxy tells for whom it has connected.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "http/ip_network.hpp"

namespace h3::protocol {

/// What a PROXY header of version 1 or 2 says.
///
/// Bounds: version 1 at most 107 bytes; version 2 at most kMaxBytes with its TLVs, which are checked (lengths, and the
/// checksum if there is one) and otherwise ignored.
/// Source: HAProxy's proxy-protocol.txt of 2020/03/05, sections 2.1 and 2.2.
struct ProxyHeader {
  static constexpr std::size_t kMaxBytes = 4096;

  enum class State : std::uint8_t { incomplete, complete, malformed };
  enum class Source : std::uint8_t {
    connection,  ///< LOCAL, UNKNOWN or an unspecified family: the address is the connection's own
    ipv4,
    ipv6,
    unixSocket  ///< the client has connected to the proxy's unix socket
  };

  State state = State::incomplete;
  Source source = Source::connection;
  std::size_t bytes = 0;  ///< of the header, when complete; of what must be there, when incomplete and known
  IpAddress client{};     ///< of ipv4 (mapped) and ipv6
  std::string_view problem;  ///< when malformed: what was found and expected
};

/// `bytes`: all that has arrived so far. Of an incomplete header all of them belong to it.
ProxyHeader parseProxyHeader(std::string_view bytes) noexcept;

}  // namespace h3::protocol
