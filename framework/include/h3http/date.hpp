#pragma once
#include <cstddef>
#include <ctime>
#include <limits>
#include <string_view>

namespace h3 {

inline constexpr std::size_t kHttpDateBytes = 29;

/// Writes "Sun, 06 Nov 1994 08:49:37 GMT" (kHttpDateBytes, no NUL). Years 0000-9999.
/// Independent of locale and time zone. Source: RFC 9110 5.6.7, IMF-fixdate.
void formatHttpDate(std::time_t seconds, char* out) noexcept;

/// The Date field's text, rendered at most once for each second.
///
/// Lifetime: the view is valid, and shows that second, until the next at().   Threads: one owner.
class DateCache {
 public:
  std::string_view at(std::time_t seconds) noexcept {
    if (seconds != rendered_) [[unlikely]] {
      formatHttpDate(seconds, text_);
      rendered_ = seconds;
    }
    return {text_, kHttpDateBytes};
  }

 private:
  std::time_t rendered_ = std::numeric_limits<std::time_t>::min();
  char text_[kHttpDateBytes];
};

}  // namespace h3
