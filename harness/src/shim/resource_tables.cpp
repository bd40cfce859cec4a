#include "shim/resource_tables.hpp"

#include <errno.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/errno_keeper.hpp"
#include "shim/fatal.hpp"
#include "shim/handle_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/resource_sites.hpp"

namespace leakgate::shim {
namespace {

constexpr uint32_t kDescriptors = 1u << 20;

ResourceId* gDescriptors = nullptr;  ///< by number
uint32_t gDescriptorsEnd = 0;        ///< one above the highest that was ever noted
HandleTable gMappings;
HandleTable gThreads;
ResourceId gBreakSite = 0;  ///< that moved the program break up last

// The shim's own text: what it opens for itself is not the program's.
extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start[];
extern "C" [[gnu::visibility("hidden")]] const char etext[];

bool isOwn(const CallerFrame& caller) noexcept {
  const auto* at = reinterpret_cast<const char*>(caller.pc);
  return at >= __ehdr_start && at < etext;
}

// The first event of a process begins the counting, also in a child of fork.
bool counts(const CallerFrame& caller) noexcept { return !isOwn(caller) && ensureReady(); }

// What the table has no room for could never be closed.
void open(HandleTable& table, const HandleTable::Entry& entry) noexcept {
  countOpened(table.put(entry) ? entry.site : 0, entry.bytes);
}

void closeEntry(HandleTable& table, HandleTable::Entry* entry) noexcept {
  countClosed(entry->site, entry->bytes);
  table.erase(entry);
}

// What an unmapping leaves of an entry: a piece before it, a piece behind it, both or none. The entry counts
// by its address, so the first piece left goes on being it, and a second one counts anew.
void cutEntry(HandleTable::Entry* entry, uint64_t first, uint64_t end) noexcept {
  const HandleTable::Entry old = *entry;
  closeEntry(gMappings, entry);
  const uint64_t oldEnd = old.key + old.bytes;
  const auto keep = [&](uint64_t from, uint64_t to) {
    if (from >= to) return;
    open(gMappings, {from, to - from, old.site});
  };
  keep(old.key, first < oldEnd ? first : oldEnd);
  keep(end > old.key ? end : old.key, oldEnd);
}

void unmapRange(uint64_t first, uint64_t end) noexcept {
  HandleTable::Entry* const exact = gMappings.find(first);
  if (exact != nullptr && exact->bytes == end - first) return closeEntry(gMappings, exact);
  while (HandleTable::Entry* entry = gMappings.findOverlap(first, end)) cutEntry(entry, first, end);
}

uint64_t wholePages(size_t bytes) noexcept { return layout::roundUpToPage(bytes); }

void closeDescriptor(uint32_t number) noexcept {
  const ResourceId site = __atomic_exchange_n(&gDescriptors[number], 0, __ATOMIC_RELAXED);
  if (site != 0) countClosed(site, 0);
}

void raiseDescriptorsEnd(uint32_t end) noexcept {
  uint32_t known = __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED);
  while (known < end && !__atomic_compare_exchange_n(&gDescriptorsEnd, &known, end, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
}

}  // namespace

// A child of vfork has these tables too.
bool countsCallOf(const CallerFrame& caller) noexcept {
  return counts(caller) && gRegion.header->pid == static_cast<uint32_t>(getpid());
}

void prepareResourceTables() noexcept {
  gDescriptors = static_cast<ResourceId*>(mapPrivate(kDescriptors * sizeof(ResourceId), AtFork::copy));
  if (gDescriptors == nullptr) fail("no address space for the table of descriptors", "mmap", errno);
  gMappings.prepare();
  gThreads.prepare();
}

void noteDescriptor(int descriptor, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= kDescriptors) return;
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  const ResourceId site = siteOfCall(layout::kResourceDescriptor, caller);
  raiseDescriptorsEnd(number + 1);
  countOpened(site, 0);
  const ResourceId old = __atomic_exchange_n(&gDescriptors[number], site, __ATOMIC_RELAXED);
  if (old != 0) countClosed(old, 0);
}

void forgetDescriptor(int descriptor, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED)) return;
  ErrnoKeeper keeper;
  if (countsCallOf(caller)) closeDescriptor(number);
}

void forgetDescriptors(unsigned first, unsigned last, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  const uint32_t end = __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED);
  for (uint32_t number = first; number < end && number <= last; ++number) closeDescriptor(number);
}

void noteMapping(void* address, size_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!counts(caller)) return;
  const auto first = reinterpret_cast<uint64_t>(address);
  const ResourceId site = siteOfCall(layout::kResourceMapping, caller);
  SpinGuard guard(gForkLocal->mappingsLock);
  // Where the kernel chose the place, nothing is known there but what was unmapped behind our back.
  if (HandleTable::Entry* stale = gMappings.find(first)) closeEntry(gMappings, stale);
  open(gMappings, {first, wholePages(bytes), site});
}

void forgetMappings(void* address, size_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!counts(caller)) return;
  const auto first = reinterpret_cast<uint64_t>(address);
  SpinGuard guard(gForkLocal->mappingsLock);
  unmapRange(first, first + wholePages(bytes));
}

void noteBreakGrowth(size_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!counts(caller)) return;
  const ResourceId site = siteOfCall(layout::kResourceMapping, caller);
  countOpened(site, bytes);
  __atomic_store_n(&gBreakSite, site, __ATOMIC_RELAXED);
}

void noteBreakShrink(size_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (counts(caller)) countClosed(__atomic_load_n(&gBreakSite, __ATOMIC_RELAXED), bytes);
}

ThreadCreation::ThreadCreation(const CallerFrame& caller) noexcept : counts_(counts(caller)) {
  if (!counts_) return;
  ErrnoKeeper keeper;
  site_ = siteOfCall(layout::kResourceThread, caller);
  gForkLocal->threadsLock.lock();
}

ThreadCreation::~ThreadCreation() {
  if (counts_) gForkLocal->threadsLock.unlock();
}

void ThreadCreation::succeeded(pthread_t thread) noexcept {
  if (!counts_) return;
  if (HandleTable::Entry* stale = gThreads.find(thread)) closeEntry(gThreads, stale);
  open(gThreads, {thread, 0, site_});
}

ResourceId takeThread(pthread_t thread) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return 0;
  SpinGuard guard(gForkLocal->threadsLock);
  HandleTable::Entry* const entry = gThreads.find(thread);
  if (entry == nullptr) return 0;
  const ResourceId site = entry->site;
  closeEntry(gThreads, entry);
  return site;
}

void putBackThread(pthread_t thread, ResourceId site) noexcept {
  if (site == 0) return;
  SpinGuard guard(gForkLocal->threadsLock);
  open(gThreads, {thread, 0, site});
}

}  // namespace leakgate::shim
