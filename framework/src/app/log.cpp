#include "app/log.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace h3 {
namespace {

spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = spdlog::stderr_color_mt("h3");
  return *instance;
}

}  // namespace

void logError(std::string_view what, std::string_view detail) noexcept {
  logger().error("{}: {}", what, detail);
}
void logWarning(std::string_view line) noexcept { logger().warn("{}", line); }
void logInfo(std::string_view line) noexcept { logger().info("{}", line); }

}  // namespace h3
