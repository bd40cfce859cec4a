// IP addresses and networks as numbers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace h3 {

/// Of IPv6; IPv4 addresses are mapped (::ffff:a.b.c.d), so that both spellings are the same.
using IpAddress = std::array<std::uint8_t, 16>;

/// None for anything but an address: zones, brackets, ports, leading zeros in IPv4. Source: RFC 4291 2.2.
std::optional<IpAddress> parseIpAddress(std::string_view text) noexcept;

/// Addresses that begin with the same bits.
struct IpNetwork {
  IpAddress address{};
  unsigned prefixBits = 128;  ///< of the IPv6 address: of an IPv4 network 96 more

  bool contains(const IpAddress& other) const noexcept;
};

/// "10.0.0.0/8", "fd00::/8", or an address. None for anything else, and for bits behind the prefix ("10.0.0.1/8").
std::optional<IpNetwork> parseIpNetwork(std::string_view text) noexcept;

}  // namespace h3
