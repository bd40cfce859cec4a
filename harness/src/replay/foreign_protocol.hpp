// What another protocol than HTTP/1 sends first.
#pragma once

#include <string_view>

namespace leakgate {

/// So many bytes of an answer show whether it is HTTP/1.
inline constexpr std::size_t kProtocolBytes = 5;

/// Why an answer that begins with these bytes is no HTTP/1, in words for a message; nullptr when it may be.
/// `start`: kProtocolBytes or more.
const char* foreignProtocol(std::string_view start);

}  // namespace leakgate
