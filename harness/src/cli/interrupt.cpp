#include "cli/interrupt.hpp"

#include <unistd.h>

#include <csignal>
#include <ctime>

namespace leakgate {

namespace {

sigset_t watchedSignals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);  // also if ignored, as in a script's background job
  sigaddset(&set, SIGTERM);
  struct sigaction action {};
  if (::sigaction(SIGHUP, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) sigaddset(&set, SIGHUP);
  return set;
}

}  // namespace

InterruptWatch::InterruptWatch() : signals_(watchedSignals()) {
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::jthread([this](const std::stop_token& ended) { watch(ended); });
}

void InterruptWatch::watch(const std::stop_token& ended) {
  constexpr timespec kLookAgain{0, 50'000'000};
  while (!ended.stop_requested()) {
    if (sigtimedwait(&signals_, nullptr, &kLookAgain) < 0) continue;
    // A second signal ends leakgate without waiting for the target to drain; the guard kills the target.
    if (!stop_.request_stop()) ::_exit(kInterruptedExitCode);
  }
}

}  // namespace leakgate
