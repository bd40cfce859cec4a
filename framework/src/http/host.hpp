#pragma once

#include <string_view>

namespace h3 {

/// host [":" port] with a registered name, an IPv4 address or a bracketed IPv6 address; the port is empty or
/// 0..65535. Refused: the empty host, user information, zones, IPvFuture, more than 255 bytes.
/// Source: RFC 9110 7.2, RFC 3986 3.2.2.
bool isValidHost(std::string_view host) noexcept;

}  // namespace h3
