// Counts allocations by a hook of AddressSanitizer. libFuzzer's own code does not bear another operator new.
#include <sanitizer/allocator_interface.h>

#include <cstddef>
#include <cstdlib>

#include "../memory/allocation_counter.hpp"

namespace {

thread_local std::size_t hookedAllocations = 0;

void countAllocation(const volatile void*, std::size_t) { ++hookedAllocations; }
void ignoreRelease(const volatile void*) {}

const int kInstalled = __sanitizer_install_malloc_and_free_hooks(countAllocation, ignoreRelease);

}  // namespace

namespace h3::test {

std::size_t allocationCount() noexcept {
  if (kInstalled == 0) std::abort();  // else each check would hold
  return hookedAllocations;
}

}  // namespace h3::test
