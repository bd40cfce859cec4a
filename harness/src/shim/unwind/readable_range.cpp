#include "shim/unwind/readable_range.hpp"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace leakgate::shim {
namespace {

constexpr uint64_t kPageBytes = 4096;
constexpr uint64_t kFarBytes = 1 << 20;

// The kernel reads the new signal mask before it finds that there is no such way to set it.
bool isReadable(uint64_t page) noexcept {
  const int saved = errno;
  syscall(SYS_rt_sigprocmask, ~0L, page, nullptr, 8L);
  const bool readable = errno == EINVAL;
  errno = saved;
  return readable;
}

}  // namespace

bool ReadableRange::extend(uint64_t address) noexcept {
  const uint64_t page = address & ~(kPageBytes - 1);
  if (!isReadable(page)) return false;
  // A step beyond the range includes everything in between: frames are not larger than their stack. A larger
  // step leads to another stack.
  if (page >= end_ && page - end_ < kFarBytes) {
    end_ = page + kPageBytes;
  } else if (page < start_ && start_ - page < kFarBytes) {
    start_ = page;
  } else {
    start_ = page;
    end_ = page + kPageBytes;
  }
  return true;
}

}  // namespace leakgate::shim
