#pragma once
#include <cstddef>
#include <ctime>

namespace h3 {

inline constexpr std::size_t kHttpDateBytes = 29;

/// Writes "Sun, 06 Nov 1994 08:49:37 GMT" (kHttpDateBytes, no NUL). Years 0000-9999.
/// Independent of locale and time zone. Source: RFC 9110 5.6.7, IMF-fixdate.
void formatHttpDate(std::time_t seconds, char* out) noexcept;

}  // namespace h3
