// Gives each request an id, to find it in the logs of several services.
#pragma once

#include <string>
#include <string_view>

#include "h3http/middleware.hpp"

namespace h3 {

struct RequestIdOptions {
  std::string header = "X-Request-Id";  ///< read when trusted, and written
  /// Keeps the client's id when it is well-formed: 1 to 128 of A-Z a-z 0-9 - _ . Only behind a proxy that
  /// sets it.
  bool trustIncoming = false;
};

/// Context key under which the id is kept.
inline constexpr std::string_view kRequestIdKey = "request_id";

/// Gives each request an id, in the context (kRequestIdKey) and in the response.
///
/// A new id is "<16 hex digits>-<16 hex digits>": a random number of the thread, then its running number.
/// Unique over threads, processes and machines for all practical purposes; not secret, the next one can be
/// guessed.
///
/// Allocates: nothing on the heap. Errors: std::invalid_argument when `header` is not a field name.
FastMiddleware requestId(RequestIdOptions options = {});

}  // namespace h3
