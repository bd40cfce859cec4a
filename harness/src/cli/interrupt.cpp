#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace leakgate {

namespace {

sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() {
  const sigset_t set = watchedSignals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::jthread([this](const std::stop_token& ended) { watch(ended); });
}

void InterruptWatch::watch(const std::stop_token& ended) {
  const sigset_t set = watchedSignals();
  constexpr timespec kLookAgain{0, 50'000'000};
  while (!ended.stop_requested()) {
    if (sigtimedwait(&set, nullptr, &kLookAgain) < 0) continue;
    // Somebody who asks twice does not want to wait for the target to drain; the kernel ends the target with
    // us.
    if (!stop_.request_stop()) ::_exit(kInterruptedExitCode);
  }
}

}  // namespace leakgate
