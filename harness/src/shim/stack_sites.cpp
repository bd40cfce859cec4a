#include "shim/stack_sites.hpp"

#include "shim/errno_keeper.hpp"
#include "shim/process.hpp"
#include "shim/site_table.hpp"
#include "shim/spin_lock.hpp"
#include "shim/stack_capture.hpp"
#include "shim/stack_table.hpp"
#include "shim/thread_slots.hpp"
#include "shim/unwind/stack_cache.hpp"
#include "shim/unwind/unwind_rules.hpp"

namespace leakgate::shim {
namespace {

bool gByRules = kHasFrameRules;

constexpr uint64_t kNoAttributes = ~uint64_t{0};  // its size class is no block's

static_assert(layout::kFramesPerStack <= kFrameCapacity);

[[gnu::cold]] bool makeCache(ThreadState& thread) noexcept {
  const ErrnoKeeper keeper;
  SpinGuard guard(gForkLocal->tablesLock);
  thread.stacks = StackCache::make();
  return thread.stacks != nullptr;
}

[[gnu::noinline]] uint64_t internLog(ThreadState& thread, const CallerFrame& caller,
                                     const WalkLog& log) noexcept {
  const ErrnoKeeper keeper;
  const uint32_t count = copyFrames(caller, log, thread.frames, layout::kFramesPerStack);
  const uint64_t number = internStack(thread.frames, count, log.end != WalkEnd::outermost);
  if (number == 0) noteFoldedStack();
  return number;
}

// The site of a stack's id, which is its number plus 1: the cache can hold neither kStackBit nor 0.
template <typename ToSite>
[[gnu::always_inline]] inline uint32_t byRules(ThreadState& thread, const CallerFrame& caller,
                                               uint64_t attributes, ToSite&& toSite) noexcept {
  if (__builtin_expect(thread.stacks == nullptr, 0) && !makeCache(thread)) return noteMissedStack(), 0;
  bool folded = false;
  const auto intern = [&](const WalkLog& log) {
    const uint64_t number = internLog(thread, caller, log);
    folded = number == 0;
    return folded ? 0 : static_cast<uint32_t>(number) + 1;
  };
  const uint32_t site = thread.stacks->siteOf(caller, layout::kFramesPerStack, attributes, intern, toSite);
  if (__builtin_expect(site == 0, 0) && !folded) noteMissedStack();
  return site;
}

uint32_t siteByRules(ThreadState& thread, const CallerFrame& caller, uint64_t attributes) noexcept {
  return byRules(thread, caller, attributes,
                 [&](uint32_t id) { return findSite(thread, layout::kStackBit | (id - 1), attributes); });
}

uint64_t stackByRules(ThreadState& thread, const CallerFrame& caller) noexcept {
  const uint32_t id = byRules(thread, caller, kNoAttributes, [](uint32_t known) { return known; });
  return id != 0 ? layout::kStackBit | (id - 1) : 0;
}

uint64_t stackByLibunwind(ThreadState& thread, const CallerFrame& caller) noexcept {
  const ErrnoKeeper keeper;
  const CapturedStack stack = captureCallers(thread, reinterpret_cast<const void*>(caller.pc));
  if (stack.count == 0) return noteMissedStack(), 0;
  const uint64_t number = internStack(stack.frames, stack.count, stack.truncated);
  if (number == 0) noteFoldedStack();
  return number;
}

uint32_t siteByLibunwind(ThreadState& thread, const CallerFrame& caller, uint64_t attributes) noexcept {
  const uint64_t stack = stackByLibunwind(thread, caller);
  return stack != 0 ? findSite(thread, stack, attributes) : 0;
}

}  // namespace

void prepareStackSites(bool byRules) noexcept {
  gByRules = byRules && kHasFrameRules;
  if (gByRules) prepareRules();
}

void prepareStackSitesLate() noexcept {
  if (!gByRules) prepareCapture();
}

uint32_t siteOfStack(ThreadState& thread, const CallerFrame& caller, uint64_t attributes) noexcept {
  return gByRules ? siteByRules(thread, caller, attributes) : siteByLibunwind(thread, caller, attributes);
}

// The lock is taken during allocations, so a signal handler may run while its own thread holds it.
uint64_t stackOfCall(const CallerFrame& caller) noexcept {
  if (gForkLocal->tablesLock.isOwn()) return noteMissedStack(), 0;
  ThreadState* const own = tLocals.state->counters != nullptr ? tLocals.state : claimThreadState();
  if (own == nullptr) return noteMissedStack(), 0;
  return gByRules ? stackByRules(*own, caller) : stackByLibunwind(*own, caller);
}

}  // namespace leakgate::shim
