#include "app/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <cstdio>

namespace h3 {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = spdlog::stderr_color_mt("h3");
  return *instance;
}

// The first line creates the logger, which needs memory, and a lack of memory is one of the errors to log.
void log(spdlog::level::level_enum level, std::string_view line, std::string_view detail) noexcept {
  try {
    if (detail.empty()) return logger().log(level, "{}", line);
    logger().log(level, "{}: {}", line, detail);
  } catch (...) {
    std::fprintf(stderr, "[h3] %.*s: %.*s\n", static_cast<int>(line.size()), line.data(),
                 static_cast<int>(detail.size()), detail.data());
  }
}

}  // namespace

void logError(std::string_view what, std::string_view detail) noexcept {
  log(spdlog::level::err, what, detail);
}
void logWarning(std::string_view line) noexcept { log(spdlog::level::warn, line, {}); }
void logInfo(std::string_view line) noexcept { log(spdlog::level::info, line, {}); }

}  // namespace h3
