// Preserves the program's errno while the shim makes system calls.
#pragma once

#include <errno.h>

namespace leakgate::shim {

/// free() must not change errno, and neither must a hook whose call has succeeded.
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
