// dlclose: the unwinder must forget the unloaded code.
#include <dlfcn.h>

#include "shim/next_allocator.hpp"
#include "shim/unwind/stack_cache.hpp"
#include "shim/unwind/unwinder.hpp"

#pragma GCC visibility push(default)

extern "C" int dlclose(void* handle) noexcept {
  using Close = int (*)(void*);
  static Close next = nullptr;
  if (__atomic_load_n(&next, __ATOMIC_ACQUIRE) == nullptr) {
    __atomic_store_n(&next, reinterpret_cast<Close>(leakgate::shim::findNext("dlclose")), __ATOMIC_RELEASE);
  }
  const int result = next(handle);
  leakgate::shim::forgetUnloadedCode();
  leakgate::shim::forgetUnloadedStacks();
  return result;
}

#pragma GCC visibility pop
