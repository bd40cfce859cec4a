// Preloaded into any program: at each of its allocations, compares what the verified stack cache says with a
// full unwinding by libunwind, and where those two differ, with libgcc's, which is what C++ exceptions go by.
// STACK_CHECK_BY=libgcc asks libgcc at once: it is slow, but keeps no cache that a dlclose would make stale.
//
// STACK_CHECK_OUT names a file; each process appends one line of "name=count" to it when it ends.
#define UNW_LOCAL_ONLY
#include <dlfcn.h>
#include <fcntl.h>
#include <libunwind.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <unwind.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"
#include "shim/spin_lock.hpp"
#include "shim/unwind/stack_cache.hpp"
#include "shim/unwind/unwind_rules.hpp"

using namespace leakgate::shim;

namespace {

constexpr uint32_t kFrames = 128;
constexpr uint32_t kOwnFrames = 8;
constexpr uint32_t kStackCapacity = 1u << 20;

struct Stack {
  uint64_t frames[kFrames];
  uint32_t count;
  bool whole;
};

// Nothing here may be freed by the program, nor allocated from it.
void* mapForever(size_t bytes) { return mapPrivate(bytes, AtFork::copy); }

struct Counts {
  uint64_t events, misses, wrong, cut, libunwindWrong, ends[kWalkEnds];
};
Counts gCounts;
Stack* gStacks;  // by id
uint32_t gStackCount = 0;
SpinLock gLock;
bool gReady = false;
bool gByLibgcc = false;
int (*gBacktrace)(void**, int);
_Unwind_Reason_Code (*gUnwindBacktrace)(_Unwind_Trace_Fn, void*);
uintptr_t (*gGetIp)(_Unwind_Context*);
constinit thread_local bool tInside = false;
constinit thread_local StackCache* tCache = nullptr;

void add(uint64_t& count) { __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED); }

struct Trace {
  uint64_t* frames;
  uint32_t count;
  uint32_t most;
};

uint32_t exceptionUnwind(uint64_t* frames, uint32_t most) {
  Trace trace{frames, 0, most};
  gUnwindBacktrace(
      [](_Unwind_Context* context, void* argument) {
        auto& to = *static_cast<Trace*>(argument);
        if (to.count == to.most) return _URC_END_OF_STACK;
        to.frames[to.count++] = gGetIp(context);
        return _URC_NO_REASON;
      },
      &trace);
  return trace.count;
}

uint32_t fullUnwind(uint64_t* frames, uint32_t most) {
  if (gByLibgcc) return exceptionUnwind(frames, most);
  const int count = gBacktrace(reinterpret_cast<void**>(frames), static_cast<int>(most));
  return count > 0 ? static_cast<uint32_t>(count) : 0;
}

// Of a stack and what a full unwinding found from the hook's caller on.
enum class Verdict { same, cut, different };

// cut: the full unwinding went on where the walk had to stop.
Verdict compare(const Stack& stack, const uint64_t* full, uint32_t fullCount) {
  uint32_t own = 0;
  while (own < fullCount && own < kOwnFrames && full[own] != stack.frames[0]) ++own;
  full += own;
  fullCount -= own;
  while (fullCount > 0 && full[fullCount - 1] == 0) --fullCount;
  if (fullCount < stack.count || memcmp(full, stack.frames, stack.count * sizeof full[0]) != 0) {
    return Verdict::different;
  }
  if (fullCount == stack.count || stack.count == kFrames) return Verdict::same;
  return stack.whole ? Verdict::different : Verdict::cut;
}

uint32_t remember(const CallerFrame& from, const WalkLog& log) {
  add(gCounts.misses);
  add(gCounts.ends[static_cast<unsigned>(log.end)]);
  const uint32_t number = __atomic_add_fetch(&gStackCount, 1, __ATOMIC_RELAXED);
  if (number >= kStackCapacity) fail("too many stacks for this check", "stack_check", 0);
  Stack& stack = gStacks[number];
  stack.count = copyFrames(from, log, stack.frames, kFrames);
  stack.whole = log.end <= WalkEnd::frameLimit;
  return number;
}

void printFrames(const char* title, const uint64_t* frames, uint32_t count) {
  fprintf(stderr, "%s\n", title);
  for (uint32_t i = 0; i < count; ++i) {
    Dl_info info{};
    dladdr(reinterpret_cast<void*>(frames[i]), &info);
    const auto base = reinterpret_cast<uint64_t>(info.dli_fbase);
    fprintf(stderr, "  %2u %#lx %s+%#lx\n", i, frames[i], info.dli_fname ? info.dli_fname : "?",
            frames[i] - base);
  }
}

void noteCut(const Stack& stack, const uint64_t* full, uint32_t fullCount) {
  add(gCounts.cut);
  if (getenv("STACK_CHECK_CUTS") == nullptr) return;
  printFrames("cut:", stack.frames, stack.count);
  printFrames("libunwind:", full, fullCount);
}

[[gnu::noinline]] void check(const CallerFrame& from) {
  if (tCache == nullptr) {
    SpinGuard guard(gLock);
    tCache = StackCache::make();
  }
  add(gCounts.events);
  const uint32_t id = tCache->siteOf(
      from, kFrames, 0, [&](const WalkLog& log) { return remember(from, log); },
      [](uint32_t stack) { return stack; });
  const Stack& stack = gStacks[id];
  uint64_t full[kFrames + kOwnFrames];
  const uint32_t fullCount = fullUnwind(full, kFrames + kOwnFrames);
  const Verdict verdict = compare(stack, full, fullCount);
  if (verdict == Verdict::same) return;
  if (verdict == Verdict::cut) return noteCut(stack, full, fullCount);
  uint64_t other[kFrames + kOwnFrames];
  const uint32_t otherCount = exceptionUnwind(other, kFrames + kOwnFrames);
  if (compare(stack, other, otherCount) == Verdict::same) return add(gCounts.libunwindWrong);
  add(gCounts.wrong);
  if (__atomic_load_n(&gCounts.wrong, __ATOMIC_RELAXED) > 3 && getenv("STACK_CHECK_ALL") == nullptr) return;
  printFrames("cache:", stack.frames, stack.count);
  printFrames("libunwind:", full, fullCount);
  printFrames("libgcc:", other, otherCount);
}

void checkOnce(const CallerFrame& from) {
  if (!gReady || tInside) return;
  tInside = true;
  check(from);
  tInside = false;
}

template <typename Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(dlsym(RTLD_NEXT, name));
}

template <typename Function>
void look(const char* library, Function& function, const char* name) {
  void* handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
  function = handle != nullptr ? reinterpret_cast<Function>(dlsym(handle, name)) : nullptr;
  if (function == nullptr) fail("has no", name, 0);
}

__attribute__((constructor)) void prepare() {
  tInside = true;
  look("libunwind.so.8", gBacktrace, "unw_backtrace");
  look("libgcc_s.so.1", gUnwindBacktrace, "_Unwind_Backtrace");
  look("libgcc_s.so.1", gGetIp, "_Unwind_GetIP");
  gByLibgcc = getenv("STACK_CHECK_BY") != nullptr;
  prepareRules();
  gStacks = static_cast<Stack*>(mapForever(sizeof(Stack) * kStackCapacity));
  uint64_t frames[8];
  exceptionUnwind(frames, 8);  // what it allocates the first time
  pthread_atfork(nullptr, nullptr, [] { gCounts = {}; });
  gReady = true;
  tInside = false;
}

__attribute__((destructor)) void report() {
  tInside = true;
  const char* path = getenv("STACK_CHECK_OUT");
  const int file = path != nullptr ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : dup(2);
  dprintf(file,
          "events=%lu misses=%lu wrong=%lu cut=%lu libunwind_wrong=%lu no_rule=%lu other_rule=%lu "
          "unreadable=%lu\n",
          gCounts.events, gCounts.misses, gCounts.wrong, gCounts.cut, gCounts.libunwindWrong,
          gCounts.ends[static_cast<unsigned>(WalkEnd::noRule)],
          gCounts.ends[static_cast<unsigned>(WalkEnd::otherRule)],
          gCounts.ends[static_cast<unsigned>(WalkEnd::unreadable)]);
  close(file);
  tInside = false;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

extern void* __libc_malloc(size_t);
extern void* __libc_calloc(size_t, size_t);
extern void* __libc_realloc(void*, size_t);

int dlclose(void* handle) noexcept {
  static auto close = next<int (*)(void*)>("dlclose");
  const int result = close(handle);
  forgetUnloadedStacks();
  return result;
}

void* malloc(size_t bytes) noexcept {
  checkOnce(LEAKGATE_HOOK_FRAME.caller());
  return __libc_malloc(bytes);
}

void* calloc(size_t count, size_t bytes) noexcept {
  checkOnce(LEAKGATE_HOOK_FRAME.caller());
  return __libc_calloc(count, bytes);
}

void* realloc(void* block, size_t bytes) noexcept {
  checkOnce(LEAKGATE_HOOK_FRAME.caller());
  return __libc_realloc(block, bytes);
}

}  // extern "C"
#pragma GCC visibility pop
