#include "report/utc_time.hpp"

#include <fmt/core.h>

#include <ctime>
#include <string_view>

namespace leakgate {

std::optional<std::int64_t> secondsOf(const std::string& rfc3339) {
  std::tm time{};
  const char* end = ::strptime(rfc3339.c_str(), "%Y-%m-%dT%H:%M:%S", &time);
  if (end == nullptr || std::string_view(end) != "Z") return std::nullopt;
  return ::timegm(&time);
}

std::string dateOf(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  return fmt::format("{:04}-{:02}-{:02}", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday);
}

}  // namespace leakgate
