#include "report/status_counts.hpp"

#include <fmt/core.h>

namespace leakgate {

std::string statusCounts(const std::map<int, std::uint64_t>& statuses) {
  std::string text;
  for (const auto& [status, count] : statuses) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", status, count);
  }
  return text;
}

}  // namespace leakgate
