// Keeps errno as the program has it while the shim makes system calls.
#pragma once

#include <errno.h>

namespace leakgate::shim {

/// free() must leave errno alone, and so must a hook whose call has succeeded.
class ErrnoKeeper {
 public:
  ErrnoKeeper() noexcept : saved_(errno) {}
  ~ErrnoKeeper() { errno = saved_; }
  ErrnoKeeper(const ErrnoKeeper&) = delete;
  ErrnoKeeper& operator=(const ErrnoKeeper&) = delete;

 private:
  int saved_;
};

}  // namespace leakgate::shim
