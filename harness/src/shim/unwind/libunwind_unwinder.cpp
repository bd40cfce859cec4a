// The unwinder, by libunwind: reads .eh_frame, so it needs no frame pointers.
#define UNW_LOCAL_ONLY
#include <dlfcn.h>
#include <libunwind.h>

#include "shim/fatal.hpp"
#include "shim/unwind/unwinder.hpp"

namespace leakgate::shim {

int (*gBacktrace)(void**, int) = nullptr;

namespace {

#define LEAKGATE_TEXT_OF(name) #name
#define LEAKGATE_NAME_OF(name) LEAKGATE_TEXT_OF(name)

// Linking to libunwind would put its _Unwind_* functions before libgcc's, and the target's exceptions would
// take another path than without the shim. Loaded by dlopen and locally, it serves only the shim.
constexpr char kLibrary[] = "libunwind.so.8";

void (*gFlushCache)(unw_addr_space_t, unw_word_t, unw_word_t) = nullptr;
unw_addr_space_t gLocalSpace = nullptr;

template <typename Function>
void look(void* library, Function& slot, const char* name) noexcept {
  slot = reinterpret_cast<Function>(dlsym(library, name));
  if (slot == nullptr) fail("libunwind.so.8 has no such function", name, 0);
}

}  // namespace

void prepareUnwinder() noexcept {
  void* library = dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) fail("depth stacks needs a library that is not there", kLibrary, 0);
  unw_addr_space_t* space = nullptr;
  int (*setPolicy)(unw_addr_space_t, unw_caching_policy_t) = nullptr;
  int (*backtrace)(void**, int) = nullptr;
  look(library, space, LEAKGATE_NAME_OF(UNW_OBJ(local_addr_space)));
  look(library, setPolicy, LEAKGATE_NAME_OF(UNW_OBJ(set_caching_policy)));
  look(library, gFlushCache, LEAKGATE_NAME_OF(UNW_ARCH_OBJ(flush_cache)));
  look(library, backtrace, "unw_backtrace");
  gLocalSpace = *space;
  setPolicy(gLocalSpace, UNW_CACHE_PER_THREAD);
  __atomic_store_n(&gBacktrace, backtrace, __ATOMIC_RELEASE);
}

bool unwinderIsReady() noexcept { return __atomic_load_n(&gBacktrace, __ATOMIC_ACQUIRE) != nullptr; }

void forgetUnloadedCode() noexcept {
  if (unwinderIsReady()) gFlushCache(gLocalSpace, 0, 0);
}

}  // namespace leakgate::shim
