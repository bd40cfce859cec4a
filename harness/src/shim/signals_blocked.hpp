// No signal handler of the calling thread runs meanwhile.
#pragma once

#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace leakgate::shim {

/// Around a lock that a handler may want too: one of SIGCHLD waits for children, any may close a descriptor.
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
