#include "memory_shortage.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local bool memoryIsShort = false;
}

namespace h3::test {
void setMemoryShort(bool on) noexcept { memoryIsShort = on; }
}  // namespace h3::test

void* operator new(std::size_t bytes) {
  if (!memoryIsShort)
    if (void* const p = std::malloc(bytes == 0 ? 1 : bytes)) return p;
  throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
