// Cookies of a response: Set-Cookie fields that browsers keep as meant (RFC 6265bis).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "h3http/event.hpp"

namespace h3 {

/// Which requests from other sites carry the cookie.
enum class SameSite : std::uint8_t {
  strict,  ///< none
  lax,     ///< following a link (a GET that changes the page), nothing else
  none,    ///< all; the cookie must be `secure`
};

/// Attributes of a cookie. The defaults are the safe ones: relax what the page needs.
struct CookieOptions {
  /// Requests at and below this path carry the cookie. "/", or what starts with it; at most 1,024 bytes.
  std::string_view path = "/";
  /// How long the browser keeps it; without it until the browser's session ends. 0 deletes it. Browsers keep none
  /// longer than 400 days.
  std::optional<std::int64_t> maxAgeSeconds = {};
  bool httpOnly = true;  ///< no script of the page can read it
  bool secure = true;    ///< over HTTPS only; browsers take http://localhost for secure
  SameSite sameSite = SameSite::lax;
  /// This host and all below it. Empty, which is safer: only the host that set it. At most 1,024 bytes.
  std::string_view domain = {};
  bool partitioned = false;  ///< a separate one for each site that embeds this one; must be `secure`
};

/// Most bytes of a cookie's name and value together. Browsers drop a larger one. Source: RFC 6265bis 5.6.
inline constexpr std::size_t kMaxCookieBytes = 4096;

/// Adds a Set-Cookie field to the response. One of the same name, domain and path in this response is replaced.
///
/// The value is sent as it is: visible ASCII without blank, '"', ',', ';' and '\'. Encode others, for example with
/// base64url. Everything is copied into the event's arena. Allocates: nothing on the heap. Errors:
/// std::invalid_argument, which results in a 500, for what browsers would drop or take for something else: a name that
/// is no token, a value with other bytes, more than kMaxCookieBytes, `__Host-` without `secure`, with a domain or
/// another path than "/", `__Secure-` without `secure`, `none` or `partitioned` without `secure`. The message names the
/// cookie and the fix, never the value. Source: RFC 6265bis 4.1, 5.6 and 5.7.
void setCookie(Event& event, std::string_view name, std::string_view value,
               const CookieOptions& options = {});

/// Has the browser delete a cookie: an empty value and `Max-Age=0`. Domain, path and `partitioned` must be those with
/// which it was set. Errors: as setCookie().
void deleteCookie(Event& event, std::string_view name, CookieOptions options = {});

}  // namespace h3
