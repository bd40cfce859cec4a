#include "h3http/logger.hpp"

#include <unistd.h>

#include <ctime>
#include <memory>
#include <stdexcept>
#include <utility>

#include "app/event_state.hpp"
#include "middleware/log_file.hpp"
#include "middleware/log_line.hpp"

namespace h3 {
namespace {

constexpr std::size_t kMinQueueBytes = 64 * 1024;
constexpr std::size_t kMaxQueueBytes = 256 * 1024 * 1024;

void writeToStandardError(std::string_view line) {
  // A line that cannot be written is lost: logging must not fail a request.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

timespec wallClock() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return now;
}

void logToFile(App& app, const LoggerOptions& options) {
  if (options.sink)
    throw std::invalid_argument("logger: found a sink beside the file \"" + options.file + '"');
  if (options.queueBytes < kMinQueueBytes || options.queueBytes > kMaxQueueBytes)
    throw std::invalid_argument("logger: queueBytes: found " + std::to_string(options.queueBytes) +
                                ", expected 65536 to 268435456");
  const auto file = std::make_shared<LogFile>(options.file, options.queueBytes);
  app.onResponse([file, format = options.format](Event& event) {
    LogLine line;
    if (!file->write(formatLogLine(line, event, format, wallClock()))) [[unlikely]]
      EventState::of(event).services.counters.add(Metric::logLinesDropped);
  });
  app.onHangup([file] { file->reopen(); });
  app.onStop([file] { file->flush(); });
}

}  // namespace

void logger(App& app, LoggerOptions options) {
  if (!options.file.empty()) return logToFile(app, options);
  if (!options.sink) options.sink = writeToStandardError;
  app.onResponse([sink = std::move(options.sink), format = options.format](Event& event) {
    LogLine line;
    sink(formatLogLine(line, event, format, wallClock()));
  });
}

}  // namespace h3
