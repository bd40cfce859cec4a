// The server's log: standard error, one line each.
#pragma once

#include <string_view>

namespace h3 {

/// "what: detail". Never throws. Threads: any.
void logError(std::string_view what, std::string_view detail) noexcept;
void logWarning(std::string_view line) noexcept;
void logInfo(std::string_view line) noexcept;

}  // namespace h3
