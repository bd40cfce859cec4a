// Turns Ctrl-C, SIGTERM and a closed terminal into a stop token.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace leakgate {

inline constexpr int kInterruptedExitCode = 3;  // not measured to the end

/// Handles SIGINT, SIGTERM and, unless it is ignored (nohup), SIGHUP during its lifetime: the first requests
/// a stop, so that the target is ended and temporary files are removed; the second ends the process
/// immediately, with exit code 3. Threads: construct before any other thread is started; they inherit the
/// signal mask.
class InterruptWatch {
 public:
  InterruptWatch();
  std::stop_token token() const { return stop_.get_token(); }

 private:
  void watch(const std::stop_token& ended);

  sigset_t signals_{};
  std::stop_source stop_;
  std::jthread thread_;
};

}  // namespace leakgate
