#include "http/peer_list.hpp"

#include <algorithm>

namespace h3 {

bool PeerList::add(std::string_view text) {
  if (text == "unix") return hasUnix_ = true;
  const auto network = parseIpNetwork(text);
  if (network) networks_.push_back(*network);
  return network.has_value();
}

bool PeerList::contains(std::string_view address) const noexcept {
  if (address == "unix") return hasUnix_;
  const auto parsed = parseIpAddress(address);
  return parsed && std::any_of(networks_.begin(), networks_.end(),
                               [&parsed](const IpNetwork& network) { return network.contains(*parsed); });
}

}  // namespace h3
