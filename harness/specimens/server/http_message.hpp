// One HTTP/1.1 request out of a buffer: just enough for the specimens, and nothing that allocates.
#pragma once

#include <cstddef>
#include <string_view>

namespace specimen {

inline constexpr std::size_t kHeadBytesMax = 8 * 1024;
inline constexpr std::size_t kBodyBytesMax = 32 * 1024;

/// A request. Every view points into the connection's buffer and is valid until the handler returns.
struct Request {
  std::string_view method;
  std::string_view path;   ///< up to the question mark
  std::string_view query;  ///< after it, or ""
  std::string_view body;
  bool keepAlive = true;
};

struct ReadResult {
  int status = 0;         ///< 0: see `bytes`; else the status that refuses the request
  std::size_t bytes = 0;  ///< length of the whole request; 0: it is not complete yet
  Request request;
};

/// Reads the first request of `input`. Bodies come with Content-Length only; anything else is refused.
ReadResult readRequest(std::string_view input) noexcept;

/// Value of `name` in a query string, not percent-decoded; "" when absent.
std::string_view queryValue(std::string_view query, std::string_view name) noexcept;

}  // namespace specimen
