#include "shim/next_allocator.hpp"

#include <dlfcn.h>
#include <gnu/libc-version.h>
#include <link.h>

#include "shim/fatal.hpp"
#include "shim/spin_lock.hpp"

namespace leakgate::shim {

alignas(16) char gBootArena[kBootArenaBytes];

namespace {

size_t gBootUsed = 0;
SpinLock gResolveLock;
bool gResolved = false;
bool gTellsUsableSize = false;
thread_local bool tResolving = false;

void* takeFromBootArena(size_t bytes) noexcept {
  const size_t rounded = (bytes + 15) & ~size_t{15};
  const size_t start = __atomic_fetch_add(&gBootUsed, rounded, __ATOMIC_RELAXED);
  if (start + rounded > kBootArenaBytes) fail("boot arena is full", "dlsym allocates more than expected", 0);
  return gBootArena + start;
}

void requireNext(const char* function) noexcept {
  if (!resolveNext()) fail("dlsym calls an unexpected function", function, 0);
}

void* bootMalloc(size_t bytes) noexcept {
  return resolveNext() ? gNext.malloc(bytes) : takeFromBootArena(bytes);
}

void* bootCalloc(size_t count, size_t bytes) noexcept {
  return resolveNext() ? gNext.calloc(count, bytes) : takeFromBootArena(count * bytes);
}

void* bootRealloc(void* block, size_t bytes) noexcept {
  requireNext("realloc");
  return gNext.realloc(block, bytes);
}

void bootFree(void* block) noexcept {
  requireNext("free");
  gNext.free(block);
}

void* bootAlignedAlloc(size_t alignment, size_t bytes) noexcept {
  requireNext("aligned_alloc");
  return gNext.alignedAlloc(alignment, bytes);
}

int bootPosixMemalign(void** block, size_t alignment, size_t bytes) noexcept {
  requireNext("posix_memalign");
  return gNext.posixMemalign(block, alignment, bytes);
}

void* bootMemalign(size_t alignment, size_t bytes) noexcept {
  requireNext("memalign");
  return gNext.memalign(alignment, bytes);
}

void* bootValloc(size_t bytes) noexcept {
  requireNext("valloc");
  return gNext.valloc(bytes);
}

void* bootPvalloc(size_t bytes) noexcept {
  requireNext("pvalloc");
  return gNext.pvalloc(bytes);
}

size_t unknownUsableSize(void*) noexcept { return 0; }

template <typename Function>
void look(Function& slot, const char* name) noexcept {
  void* found = findNext(name);
  if (found == nullptr) fail("the program has no such function", name, 0);
  slot = reinterpret_cast<Function>(found);
}

const void* fileOf(void* function) noexcept {
  Dl_info info{};
  return function != nullptr && dladdr(function, &info) != 0 ? info.dli_fbase : nullptr;
}

// An allocator linked into the executable, or preloaded before the shim, receives malloc calls that the shim
// never sees.
void refuseBypass() noexcept {
  void* first = dlsym(RTLD_DEFAULT, "malloc");
  if (fileOf(first) == fileOf(gBootArena)) return;
  Dl_info info{};
  ElfW(Sym)* symbol = nullptr;
  dladdr1(first, &info, reinterpret_cast<void**>(&symbol), RTLD_DL_SYMENT);
  // A fixed-address executable that uses malloc's address has a jump to the
  // real one in its place: no definition.
  if (symbol != nullptr && symbol->st_shndx == SHN_UNDEF) return;
  fail("the program's own malloc comes before the shim's; link the allocator as a shared library",
       info.dli_fname != nullptr ? info.dli_fname : "?", 0);
}

NextAllocator lookUpAll() noexcept {
  NextAllocator next{};
  look(next.malloc, "malloc");
  look(next.calloc, "calloc");
  look(next.realloc, "realloc");
  look(next.free, "free");
  look(next.alignedAlloc, "aligned_alloc");
  look(next.posixMemalign, "posix_memalign");
  look(next.memalign, "memalign");
  look(next.valloc, "valloc");
  look(next.pvalloc, "pvalloc");
  look(next.usableSize, "malloc_usable_size");
  // A function from another file would read blocks that it does not know.
  gTellsUsableSize =
      fileOf(reinterpret_cast<void*>(next.usableSize)) == fileOf(reinterpret_cast<void*>(next.malloc));
  if (!gTellsUsableSize) next.usableSize = unknownUsableSize;
  return next;
}

}  // namespace

NextAllocator gNext = {bootMalloc,        bootCalloc,   bootRealloc, bootFree,    bootAlignedAlloc,
                       bootPosixMemalign, bootMemalign, bootValloc,  bootPvalloc, unknownUsableSize};

bool resolveNext() noexcept {
  if (tResolving) return false;
  SpinGuard guard(gResolveLock);
  if (gResolved) return true;
  tResolving = true;
  refuseBypass();
  // The first allocation of a program precedes its second thread, so no other thread reads gNext meanwhile.
  gNext = lookUpAll();
  gResolved = true;
  tResolving = false;
  return true;
}

// False for a debugging malloc (libc_malloc_debug), which is in another file, and on other CPUs, which may
// tag memory.
bool writesHeads() noexcept {
#if defined(__GLIBC__) && defined(__x86_64__)
  return gTellsUsableSize && belongsToAllocator(reinterpret_cast<void*>(&gnu_get_libc_version));
#else
  return false;
#endif
}

bool tellsUsableSize() noexcept { return gTellsUsableSize; }

void* findNext(const char* name) noexcept { return dlsym(RTLD_NEXT, name); }

bool belongsToAllocator(void* function) noexcept {
  return fileOf(function) == fileOf(reinterpret_cast<void*>(gNext.malloc));
}

}  // namespace leakgate::shim
