// The addresses of peers that are trusted, such as proxies.
#pragma once

#include <string_view>
#include <vector>

#include "http/ip_network.hpp"

namespace h3 {

/// Addresses and networks, and perhaps the unix socket, whose peers have no address.
class PeerList {
 public:
  /// What add() takes, for messages.
  static constexpr std::string_view kExpected =
      "\"unix\", an address or a network such as 10.0.0.0/8 without bits behind its prefix";

  /// "10.0.0.7", "10.0.0.0/8", "fd00::/8" or "unix"; false for anything else.
  bool add(std::string_view text);
  /// Of a peer, as Event::clientAddress() has it.
  bool contains(std::string_view address) const noexcept;
  bool hasNetworks() const { return !networks_.empty(); }
  bool hasUnix() const { return hasUnix_; }

 private:
  std::vector<IpNetwork> networks_;
  bool hasUnix_ = false;
};

}  // namespace h3
