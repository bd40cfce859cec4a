// Cross-origin requests: which pages of other origins may read responses (the Fetch standard's CORS
// protocol).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "h3http/method.hpp"
#include "h3http/middleware.hpp"

namespace h3 {

struct CorsOptions {
  /// "https://example.org" or "http://localhost:5173", compared byte by byte as browsers send them; {"*"}:
  /// any.
  std::vector<std::string> origins = {};
  std::vector<Method> methods = {Method::get, Method::head, Method::post};
  std::vector<std::string> headers = {};        ///< request fields beyond the safelisted that a page may set
  std::vector<std::string> exposeHeaders = {};  ///< response fields beyond the safelisted that it may read
  bool credentials = false;                     ///< whether cookies and Authorization are sent along
  std::uint32_t maxAgeSeconds = 600;  ///< how long browsers keep a preflight's response. 0 to 86,400
};

/// Adds the Access-Control fields for allowed origins, and responds to preflights with 204.
///
/// A preflight is an OPTIONS request with Origin and Access-Control-Request-Method; it never reaches a
/// handler. An origin that is not allowed gets the same responses without the fields: the browser then blocks
/// the page. With a list of origins every response has `Vary: Origin`, so that caches keep them apart; add to
/// Vary with appendHeader().
///
/// Errors: std::invalid_argument for no origins, an invalid origin (also "null", which any sandboxed page
/// has), "*" among others, "*" with credentials, a field name that is not a token, a maxAgeSeconds out of
/// range.
FastMiddleware cors(const CorsOptions& options);

}  // namespace h3
