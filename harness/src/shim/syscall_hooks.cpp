// syscall(), with which programs map memory past libc's functions. All other calls pass through. Code that
// calls the kernel with its own instruction is not seen.
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "shim/next_function.hpp"
#include "shim/resource_tables.hpp"
#include "shim/system_call.hpp"

using namespace leakgate::shim;

namespace {

void* addressOf(int64_t value) noexcept { return reinterpret_cast<void*>(value); }
size_t sizeOf(int64_t value) noexcept { return static_cast<size_t>(value); }

bool failed(int64_t result) noexcept { return result < 0 && result >= -4095; }

// Call before the kernel can give the addresses to another thread.
void noteBefore(int64_t number, const int64_t (&arguments)[6], const CallerFrame& caller) noexcept {
  const bool replaces = number == SYS_mmap && (arguments[3] & MAP_FIXED) == MAP_FIXED;
  if (number == SYS_munmap || number == SYS_mremap || replaces)
    forgetMappings(addressOf(arguments[0]), sizeOf(arguments[1]), caller);
  if (number == SYS_mremap && (arguments[3] & MREMAP_FIXED) != 0)
    forgetMappings(addressOf(arguments[4]), sizeOf(arguments[2]), caller);
}

void noteAfter(int64_t number, const int64_t (&arguments)[6], int64_t result,
               const CallerFrame& caller) noexcept {
  if (number == SYS_mmap && !failed(result)) noteMapping(addressOf(result), sizeOf(arguments[1]), caller);
  if (number != SYS_mremap) return;
  if (failed(result))
    noteMapping(addressOf(arguments[0]), sizeOf(arguments[1]), caller);  // it is still there
  else
    noteMapping(addressOf(result), sizeOf(arguments[2]), caller);
}

bool mapsMemory(int64_t number) noexcept {
  return number == SYS_mmap || number == SYS_munmap || number == SYS_mremap;
}

}  // namespace

LEAKGATE_HOOK(long, syscall, long number, ...) {
  int64_t arguments[6];
  va_list rest;
  va_start(rest, number);
  for (int64_t& argument : arguments) argument = va_arg(rest, int64_t);
  va_end(rest);
  const bool maps = mapsMemory(number);
  if (maps) noteBefore(number, arguments, LEAKGATE_CALLER);
  const int64_t result = callKernel(number, arguments);
  if (maps) noteAfter(number, arguments, result, LEAKGATE_CALLER);
  if (!failed(result)) return result;
  errno = static_cast<int>(-result);
  return -1;
}
