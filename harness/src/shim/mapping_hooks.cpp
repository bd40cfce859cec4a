// mmap and its kin. The kernel is called directly: mappings are made before dlsym works, and are no
// cancellation points. libc's own mappings (large blocks, stacks of threads) do not pass these hooks.
#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/next_function.hpp"
#include "shim/resource_tables.hpp"

using namespace leakgate::shim;

namespace {

void* mapFromKernel(void* wanted, size_t bytes, int protection, int flags, int file, off_t offset,
                    const CallerFrame& caller) noexcept {
  if ((flags & MAP_FIXED) == MAP_FIXED) forgetMappings(wanted, bytes, caller);
  void* const got =
      reinterpret_cast<void*>(syscall(SYS_mmap, wanted, bytes, protection, flags, file, offset));
  if (got != MAP_FAILED) noteMapping(got, bytes, caller);
  return got;
}

}  // namespace

LEAKGATE_HOOK(void*, mmap, void* wanted, size_t bytes, int protection, int flags, int file, off_t offset) {
  return mapFromKernel(wanted, bytes, protection, flags, file, offset, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(void*, mmap64, void* wanted, size_t bytes, int protection, int flags, int file, off_t offset) {
  return mapFromKernel(wanted, bytes, protection, flags, file, offset, LEAKGATE_CALLER);
}
LEAKGATE_HOOK(int, munmap, void* address, size_t bytes) {
  forgetMappings(address, bytes, LEAKGATE_CALLER);
  return static_cast<int>(syscall(SYS_munmap, address, bytes));
}
LEAKGATE_HOOK(void*, mremap, void* address, size_t oldBytes, size_t newBytes, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  void* const wanted = va_arg(rest, void*);
  va_end(rest);
  forgetMappings(address, oldBytes, LEAKGATE_CALLER);
  if ((flags & MREMAP_FIXED) != 0) forgetMappings(wanted, newBytes, LEAKGATE_CALLER);
  void* const got = reinterpret_cast<void*>(syscall(SYS_mremap, address, oldBytes, newBytes, flags, wanted));
  if (got != MAP_FAILED)
    noteMapping(got, newBytes, LEAKGATE_CALLER);
  else
    noteMapping(address, oldBytes, LEAKGATE_CALLER);  // it is still there
  return got;
}
