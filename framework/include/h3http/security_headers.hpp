// Fields that restrict what browsers do with a response.
#pragma once

#include <cstdint>
#include <string>

#include "h3http/middleware.hpp"

namespace h3 {

/// Strict-Transport-Security (RFC 6797). Only for hosts that use HTTPS, now and for the next maxAgeSeconds.
struct HstsOptions {
  std::uint32_t maxAgeSeconds = 0;  ///< 0: the field is left out
  bool includeSubDomains = false;
  /// Asks browsers to ship with the host in their list (https://hstspreload.org), which takes months to undo. Needs
  /// includeSubDomains and a year, 31,536,000 s.
  bool preload = false;
};

/// Values of the fields; "" leaves one out.
struct SecurityHeadersOptions {
  std::string contentTypeOptions = "nosniff";  ///< X-Content-Type-Options
  std::string frameOptions = "DENY";           ///< X-Frame-Options
  /// Referrer-Policy. With "no-referrer", browsers send forms with `Origin: null`, which csrf() must refuse on hosts
  /// without HTTPS.
  std::string referrerPolicy = "same-origin";
  std::string crossOriginOpenerPolicy = "same-origin";  ///< Cross-Origin-Opener-Policy
  std::string contentSecurityPolicy = {};               ///< Content-Security-Policy
  std::string permissionsPolicy = {};                   ///< Permissions-Policy
  HstsOptions hsts = {};
};

/// Sets the fields before the handler runs, which may replace them.
///
/// Errors: std::invalid_argument when a value would break a response (CR, LF, control bytes), and for
/// `preload` without what the list asks for.
FastMiddleware securityHeaders(SecurityHeadersOptions options = {});

}  // namespace h3
