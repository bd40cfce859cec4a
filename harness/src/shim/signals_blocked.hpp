// Blocks the signals of the calling thread.
#pragma once

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace leakgate::shim {

/// Use around a lock that a signal handler may take too: a SIGCHLD handler waits for children, any handler
/// may close a descriptor.
class SignalsBlocked {
 public:
  SignalsBlocked() noexcept {
    const uint64_t all = ~uint64_t{0};
    syscall(SYS_rt_sigprocmask, SIG_BLOCK, &all, &before_, sizeof before_);
  }
  ~SignalsBlocked() { syscall(SYS_rt_sigprocmask, SIG_SETMASK, &before_, nullptr, sizeof before_); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  uint64_t before_ = 0;  ///< the kernel's set of 64 signals
};

}  // namespace leakgate::shim
