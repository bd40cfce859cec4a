// The parsed head of one request: offsets into its buffer, and their meaning.
#pragma once

#include <cstdint>
#include <string_view>

#include "h3http/method.hpp"
#include "http/header_table.hpp"
#include "protocol/framing.hpp"

namespace h3::protocol {

/// Bytes within the message, counted from its first byte; stays valid when the buffer moves.
struct TextSpan {
  std::uint32_t offset = 0;
  std::uint32_t size = 0;
  std::string_view in(const char* base) const { return {base + offset, size}; }
};

struct RequestHead {
  Method method = Method::other;
  TextSpan methodText;
  TextSpan target;
  TextSpan host;  ///< value of the Host field
  int minorVersion = 1;
  std::uint32_t trailerBytes = 0;  ///< of the trailer lines behind the body
  unsigned hostCount = 0;
  bool keepAlive = true;
  bool expectContinue = false;
  bool expectUnknown = false;  ///< an unknown expectation: 417
  bool contentCoded = false;   ///< Content-Encoding has a coding, which is not decoded here
  Framing framing;
  HeaderTable headers;

  /// Ready for the next request; O(1).
  void clear() {
    method = Method::other;
    methodText = target = host = TextSpan{};
    minorVersion = 1;
    trailerBytes = 0;
    hostCount = 0;
    keepAlive = true;
    expectContinue = expectUnknown = contentCoded = false;
    framing = Framing{};
    headers.clear();
  }
};

}  // namespace h3::protocol
