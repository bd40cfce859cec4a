// Refuses requests that another site has a browser send (cross-site request forgery).
//
// In the library h3http::security, which needs OpenSSL 3.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "h3http/middleware.hpp"
#include "h3http/set_cookie.hpp"

namespace h3 {

struct CsrfOptions {
  /// Other origins whose pages may send requests, as browsers write them: "https://app.example.org".
  std::vector<std::string> trustedOrigins = {};
  /// With secrets (see SealOptions) a request must have a token, too: the second line of defence, for browsers without
  /// Origin and Sec-Fetch-Site.
  std::vector<std::string> secrets = {};
  std::string cookie = "__Host-csrf";  ///< keeps the browser's token
  std::string header = "X-CSRF-Token";
  std::string field = "csrf_token";              ///< of an urlencoded form, where the header is missing
  std::uint32_t lifetimeSeconds = 12 * 60 * 60;  ///< of a token. 60 to 400 days
  bool secure = true;  ///< false only for development over plain HTTP; then not with `__Host-`
};

/// Lets through what cannot change anything (GET, HEAD, OPTIONS, TRACE), and of the rest what comes from this site.
///
/// Sec-Fetch-Site must be `same-origin` or `none` (typed by the user); without it the host of Origin must be that of
/// the request; `Referrer-Policy: no-referrer` makes it "null" for forms, so it must not be set on a site over plain
/// HTTP, where browsers send no Sec-Fetch-Site. A request with neither was not sent by a current browser, and is let
/// through when no tokens are asked for.
/// The token is a signed double submit: the cookie holds random bytes under the server's signature, and the same text must
/// come in the header or the form field. Else: 403. Handlers of GET must not change anything. Allocates: nothing on the
/// heap. Errors: std::invalid_argument for options that cannot be used.
FastMiddleware csrf(CsrfOptions options = {});

/// The token for the forms and scripts of this response, valid until the event ends; sets its cookie when the browser has
/// none, or an old one. The response must not be cached for others. Errors: std::logic_error without csrf() with secrets in
/// front of the handler.
std::string_view csrfToken(Event& event);

}  // namespace h3
