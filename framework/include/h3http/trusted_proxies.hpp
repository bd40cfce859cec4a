// Who sent a request, when it came through a reverse proxy or load balancer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/middleware.hpp"

namespace h3 {

/// The fields in which the proxies tell about the client.
enum class ForwardedFields : std::uint8_t {
  xForwarded,  ///< X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host
  forwarded,   ///< Forwarded (RFC 7239)
};

struct ProxyTrust {
  /// Addresses of the proxies: "10.0.0.7", "10.0.0.0/8", "::1", "fd00::/8", or "unix" for the unix socket.
  std::vector<std::string> networks = {};
  /// Only these are read: what the proxies do not write comes from clients, and may say anything.
  ForwardedFields fields = ForwardedFields::xForwarded;
};

/// Makes Event::clientAddress(), scheme() and host() those of the client, when the peer is a trusted proxy.
///
/// The chain of addresses is followed from the peer leftwards while each is trusted; the first that is not is the
/// client, and what stands left of it is the client's own word. A chain that ends, an address that is none
/// ("unknown", "_hidden"), and the 33rd end it too: then the client is the last address that was reached. Scheme
/// ("http" or "https") and host are those of the same proxy's entry; a shorter list counts from its left, values that
/// are none are ignored. peerAddress() is still the proxy's.
///
///     app.useFast(h3::trustProxies({.networks = {"10.0.0.0/8", "fd00::/8"}}));
///
/// Register it first: middleware before it, onRequest hooks and requests that are refused before middleware see the
/// proxy. Allocates: nothing on the heap. Errors: std::invalid_argument for no networks, or one that is none.
FastMiddleware trustProxies(const ProxyTrust& trust);

/// The address of the connection's other end, also behind trustProxies().
std::string_view peerAddress(const Event& event);

}  // namespace h3
