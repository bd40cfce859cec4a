// What a test writes to standard error, the server's log above all.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <stdexcept>
#include <string>

namespace h3::test {

/// Standard error goes into a pipe from construction to take(): at most what a pipe holds, 64 KiB.
class CapturedStderr {
 public:
  CapturedStderr() : kept_(::dup(STDERR_FILENO)) {
    if (kept_ < 0 || ::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe for stderr");
    ::dup2(ends_[1], STDERR_FILENO);
    ::close(ends_[1]);
  }
  ~CapturedStderr() {
    restore();
    ::close(ends_[0]);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  /// All of it; later output goes where it went before.
  std::string take() {
    restore();
    std::string text;
    std::array<char, 4096> piece;
    for (ssize_t got; (got = ::read(ends_[0], piece.data(), piece.size())) > 0;)
      text.append(piece.data(), static_cast<std::size_t>(got));
    return text;
  }

 private:
  void restore() {
    if (kept_ < 0) return;
    ::dup2(kept_, STDERR_FILENO);
    ::close(kept_);
    kept_ = -1;
  }

  int kept_;
  std::array<int, 2> ends_{};
};

}  // namespace h3::test
