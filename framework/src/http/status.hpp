#pragma once
#include <string_view>

namespace h3 {

inline constexpr int kFirstStatus = 100;
inline constexpr int kLastStatus = 599;

/// "Not Found"; "Unknown" for 100..599 without a registered name; empty outside.
/// Lifetime: static.   Source: IANA HTTP status code registry, RFC 9110 15.
std::string_view reasonPhrase(int status) noexcept;

/// "HTTP/1.1 404 Not Found\r\n". Outside 100..599 it is the line of 500: a caller's mistake must not become a
/// malformed response.   Lifetime: static.
std::string_view statusLine(int status) noexcept;

/// False for 1xx, 204 and 304, whose message ends with its fields (RFC 9112 6.3), and for 205, which has no content
/// either (RFC 9110 15.3.6).
constexpr bool allowsBody(int status) noexcept {
  return status >= 200 && status != 204 && status != 205 && status != 304;
}

/// False for 1xx and 204, which must not carry Content-Length (RFC 9110 8.6).
constexpr bool allowsContentLength(int status) noexcept { return status >= 200 && status != 204; }

}  // namespace h3
