// Dates in request fields (RFC 9110 5.6.7).
#pragma once

#include <ctime>
#include <optional>
#include <string_view>

namespace h3 {

/// Seconds since 1970 of a date in any of the three forms that a recipient must take:
///
///     Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate
///     Sunday, 06-Nov-94 08:49:37 GMT    RFC 850
///     Sun Nov  6 08:49:37 1994          asctime
///
/// A two-digit year that would lie over 50 years ahead is of the last century. nullopt for anything else. The
/// day's name is not compared with the date.
std::optional<std::time_t> parseHttpDate(std::string_view text);

}  // namespace h3
