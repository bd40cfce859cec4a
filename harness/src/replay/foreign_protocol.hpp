// Recognises the first bytes of protocols other than HTTP/1.
#pragma once

#include <string_view>

namespace leakgate {

/// How many bytes of a response show whether it is HTTP/1.
inline constexpr std::size_t kProtocolBytes = 5;

/// Why a response that starts with these bytes is not HTTP/1, as text for a message; nullptr when it may be.
/// `start`: kProtocolBytes or more.
const char* foreignProtocol(std::string_view start);

}  // namespace leakgate
