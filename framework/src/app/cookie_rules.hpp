// What setCookie() accepts, for those who take a cookie's name and attributes at start-up.
#pragma once

#include <string_view>

#include "h3http/set_cookie.hpp"

namespace h3 {

/// Errors: std::invalid_argument, see setCookie().
void checkCookie(std::string_view name, std::string_view value, const CookieOptions& options);

}  // namespace h3
