// sbrk and brk, which programs with their own allocator call. libc's allocator uses an internal name and does
// not pass these hooks.
#include <errno.h>
#include <stdint.h>

#include "shim/next_function.hpp"
#include "shim/resource_tables.hpp"

using namespace leakgate::shim;

namespace {

constexpr uint64_t kPage = 4096;

uint64_t pageEnd(uint64_t address) noexcept { return (address + kPage - 1) & ~(kPage - 1); }

// Counts whole pages, at the call that adds them to the program.
void noteBreak(uint64_t before, uint64_t now, const CallerFrame& caller) noexcept {
  const uint64_t had = pageEnd(before);
  const uint64_t has = pageEnd(now);
  if (has > had) noteBreakGrowth(has - had, caller);
  if (has < had) noteBreakShrink(had - has, caller);
}

constexpr uintptr_t kFailed = ~uintptr_t{0};

}  // namespace

LEAKGATE_HOOK(void*, sbrk, intptr_t change) {
  void* const before = LEAKGATE_NEXT(sbrk)(change);
  const auto from = reinterpret_cast<uintptr_t>(before);
  if (change != 0 && from != kFailed) noteBreak(from, from + static_cast<uintptr_t>(change), LEAKGATE_CALLER);
  return before;
}

LEAKGATE_HOOK(int, brk, void* address) {
  static void* (*nextSbrk)(intptr_t);
  void* const before = nextFunction(nextSbrk, "sbrk")(0);
  const int result = LEAKGATE_NEXT(brk)(address);
  if (result == 0)
    noteBreak(reinterpret_cast<uintptr_t>(before), reinterpret_cast<uintptr_t>(address), LEAKGATE_CALLER);
  return result;
}
