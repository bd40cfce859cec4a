// The parts of an outgoing request, checked.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "h3http/fetch.hpp"

namespace h3 {

/// Owns what it needs of a FetchRequest. Errors: FetchError badRequest.
struct FetchTarget {
  explicit FetchTarget(const FetchRequest& request);

  /// Sending it twice does what sending it once does (RFC 9110 9.2.2).
  bool isIdempotent() const noexcept;

  std::string method;
  std::string host;    ///< without brackets
  std::string origin;  ///< host:port, as in the Host field and in messages
  std::string head;    ///< request line and fields, with the empty line
  std::string body;
  std::uint16_t port = 80;
};

}  // namespace h3
