#include "cli/progress_line.hpp"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "cli/standard_streams.hpp"

namespace leakgate {

ProgressLine::Mode ProgressLine::modeFor(int descriptor) {
  const char* terminal = std::getenv("TERM");
  const bool canRewrite =
      ::isatty(descriptor) == 1 && terminal != nullptr && std::strcmp(terminal, "dumb") != 0;
  return canRewrite ? Mode::inPlace : Mode::lines;
}

void ProgressLine::say(std::string_view text) {
  clear();
  if (mode_ != Mode::silent) printError("{} {}\n", elapsed(), text);
}

void ProgressLine::started(std::string_view phase, std::uint64_t total) {
  phase_ = phase;
  total_ = total;
  show(phase_);
}

void ProgressLine::advanced(std::uint64_t done) {
  show(total_ == 0 ? phase_ : fmt::format("{} {} %{}", phase_, 100 * done / total_, left()));
}

void ProgressLine::finished(std::string_view phase) {
  clear();
  if (phase == "stop") expectedEnd_ = Clock::time_point::min();
}

void ProgressLine::estimated(std::chrono::seconds left) { expectedEnd_ = Clock::now() + left; }

void ProgressLine::noted(std::string_view text) { say(fmt::format("{}: {}", subject_, text)); }

std::string ProgressLine::left() const {
  const auto now = Clock::now();
  if (expectedEnd_ <= now) return "";
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(expectedEnd_ - now).count();
  return fmt::format(", about {} s left", seconds + 1);
}

std::string ProgressLine::elapsed() const {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(Clock::now() - start_).count();
  return fmt::format("[{:4d} s]", seconds);
}

void ProgressLine::show(const std::string& text) {
  if (mode_ == Mode::lines && Clock::now() >= nextLine_) {
    nextLine_ = Clock::now() + kLineInterval;
    printError("{} {}  {}\n", elapsed(), subject_, text);
  }
  if (mode_ != Mode::inPlace) return;
  printError("\r\033[K{} {}  {}", elapsed(), subject_, text);
  shown_ = true;
}

void ProgressLine::clear() {
  if (!shown_) return;
  printError("\r\033[K");
  shown_ = false;
}

}  // namespace leakgate
