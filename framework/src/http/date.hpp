#pragma once
#include <cstddef>
#include <ctime>
#include <optional>
#include <string_view>

namespace h3 {

inline constexpr std::size_t kHttpDateBytes = 29;

/// Writes "Sun, 06 Nov 1994 08:49:37 GMT" (kHttpDateBytes, no NUL). Years 0000-9999.
/// Independent of locale and time zone. Source: RFC 9110 5.6.7, IMF-fixdate.
void formatHttpDate(std::time_t seconds, char* out) noexcept;

/// Seconds since 1970 of a date in any of the three forms that a recipient must take:
///
///     Sun, 06 Nov 1994 08:49:37 GMT     IMF-fixdate
///     Sunday, 06-Nov-94 08:49:37 GMT    RFC 850
///     Sun Nov  6 08:49:37 1994          asctime
///
/// A two-digit year that would be over 50 years ahead is in the past century. nullopt for anything else. The
/// day's name is not compared with the date.
std::optional<std::time_t> parseHttpDate(std::string_view text);

}  // namespace h3
