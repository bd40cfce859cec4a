#include "shim/resource_tables.hpp"

#include <errno.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/errno_keeper.hpp"
#include "shim/fatal.hpp"
#include "shim/file_locks.hpp"
#include "shim/handle_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"
#include "shim/region_writer.hpp"
#include "shim/resource_sites.hpp"

namespace leakgate::shim {
namespace {

constexpr uint32_t kDescriptors = 1u << 20;

ResourceId* gDescriptors = nullptr;    ///< by number
ResourceId* gRegistrations = nullptr;  ///< by the descriptor's number
uint32_t gDescriptorsEnd = 0;          ///< one above the highest ever recorded
HandleTable gMappings;
HandleTable gThreads;
uint64_t gThreadSerial = 0;
ResourceId gBreakSite = 0;  ///< the last one that moved the program break up

// Start of the shim's own code: what it opens for itself is not counted.
extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start[];
extern "C" [[gnu::visibility("hidden")]] const char etext[];

bool isOwn(const CallerFrame& caller) noexcept {
  const auto* at = reinterpret_cast<const char*>(caller.pc);
  return at >= __ehdr_start && at < etext;
}

// The first event of a process starts the counting, also in a child of fork.
bool counts(const CallerFrame& caller) noexcept { return !isOwn(caller) && ensureReady(); }

// A resource that does not fit into the table is not counted: it could never be closed.
void open(HandleTable& table, const HandleTable::Entry& entry) noexcept {
  countOpened(table.put(entry) ? entry.site : 0, entry.bytes);
}

void closeEntry(HandleTable& table, HandleTable::Entry* entry) noexcept {
  countClosed(entry->site, entry->bytes);
  table.erase(entry);
}

// An unmapping leaves of an entry a piece before it, a piece behind it, both, or none. Entries are keyed by
// address: the first remaining piece keeps the entry, a second one becomes a new entry.
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

// `sites` is by number, without a lock: open() and close() may be called in signal handlers.
void openNumber(ResourceId* sites, uint32_t number, ResourceId site) noexcept {
  countOpened(site, 0);
  const ResourceId old = __atomic_exchange_n(&sites[number], site, __ATOMIC_RELAXED);
  if (old != 0) countClosed(old, 0);
}

void closeNumber(ResourceId* sites, uint32_t number) noexcept {
  const ResourceId site = __atomic_exchange_n(&sites[number], 0, __ATOMIC_RELAXED);
  if (site != 0) countClosed(site, 0);
}

// An entry of gThreads holds a serial number above flags, in place of bytes.
constexpr unsigned kThreadFlags = 3;
constexpr uint64_t kDetached = 1;
constexpr uint64_t kEnded = 2;
constexpr uint64_t kWatched = 4;  ///< noteThreadEnd() will be called

void closeThread(HandleTable::Entry* entry) noexcept {
  countClosed(entry->site, 0);
  gThreads.erase(entry);
}

void openThread(pthread_t thread, uint64_t state, ResourceId site) noexcept {
  if (HandleTable::Entry* stale = gThreads.find(thread)) closeThread(stale);
  const bool fits = gThreads.put({thread, ++gThreadSerial << kThreadFlags | state, site});
  countOpened(fits ? site : 0, 0);
}

// A detached thread whose end is not seen is counted only until it is detached.
void closeThreadIfGone(HandleTable::Entry* entry) noexcept {
  const bool gone = (entry->bytes & kEnded) != 0 || (entry->bytes & kWatched) == 0;
  if ((entry->bytes & kDetached) != 0 && gone) closeThread(entry);
}

HandleTable::Entry* findThread(pthread_t thread, uint64_t serial) noexcept {
  HandleTable::Entry* const entry = gThreads.find(thread);
  return entry != nullptr && entry->bytes >> kThreadFlags == serial ? entry : nullptr;
}

ResourceId* numberedSites() noexcept {
  auto* const sites = static_cast<ResourceId*>(mapPrivate(kDescriptors * sizeof(ResourceId), AtFork::copy));
  if (sites == nullptr) fail("no address space for the table of descriptors", "mmap", errno);
  return sites;
}

void raiseDescriptorsEnd(uint32_t end) noexcept {
  uint32_t known = __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED);
  while (known < end && !__atomic_compare_exchange_n(&gDescriptorsEnd, &known, end, true, __ATOMIC_RELAXED,
                                                     __ATOMIC_RELAXED)) {
  }
}

}  // namespace

// A child of vfork shares these tables.
bool countsCallOf(const CallerFrame& caller) noexcept {
  return counts(caller) && gRegion.header->pid == static_cast<uint32_t>(getpid());
}

void prepareResourceTables() noexcept {
  gDescriptors = numberedSites();
  gRegistrations = numberedSites();
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
  openNumber(gDescriptors, number, site);
}

void forgetDescriptor(int descriptor, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED)) return;
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  closeNumber(gDescriptors, number);
  forgetLocksOf(number, number);
}

void forgetDescriptors(unsigned first, unsigned last, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  const uint32_t end = __atomic_load_n(&gDescriptorsEnd, __ATOMIC_RELAXED);
  for (uint32_t number = first; number < end && number <= last; ++number) closeNumber(gDescriptors, number);
  forgetLocksOf(first, last);
}

void noteRegistration(int descriptor, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= kDescriptors) return;
  ErrnoKeeper keeper;
  if (countsCallOf(caller))
    openNumber(gRegistrations, number, siteOfCall(layout::kResourceRegistration, caller));
}

void forgetRegistration(int descriptor, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= kDescriptors) return;
  ErrnoKeeper keeper;
  if (countsCallOf(caller)) closeNumber(gRegistrations, number);
}

void noteMapping(void* address, size_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!counts(caller)) return;
  const auto first = reinterpret_cast<uint64_t>(address);
  const ResourceId site = siteOfCall(layout::kResourceMapping, caller);
  SpinGuard guard(gForkLocal->mappingsLock);
  // If an address chosen by the kernel is in the table, that mapping was unmapped without a hook seeing it.
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

void ThreadCreation::succeeded(pthread_t thread, bool watched) noexcept {
  if (counts_) openThread(thread, watched ? kWatched : 0, site_);
}

ResourceId siteOfDetached(const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  return counts(caller) ? siteOfCall(layout::kResourceThread, caller) : ResourceId{0};
}

void noteDetachedThread(ResourceId site) noexcept {
  SpinGuard guard(gForkLocal->threadsLock);
  openThread(pthread_self(), kDetached | kWatched, site);
}

uint64_t serialOfThread(pthread_t thread) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return 0;
  SpinGuard guard(gForkLocal->threadsLock);
  const HandleTable::Entry* const entry = gThreads.find(thread);
  return entry != nullptr ? entry->bytes >> kThreadFlags : 0;
}

void forgetThread(pthread_t thread, uint64_t serial) noexcept {
  if (serial == 0) return;
  SpinGuard guard(gForkLocal->threadsLock);
  if (HandleTable::Entry* entry = findThread(thread, serial)) closeThread(entry);
}

void detachThread(pthread_t thread, uint64_t serial) noexcept {
  if (serial == 0) return;
  SpinGuard guard(gForkLocal->threadsLock);
  HandleTable::Entry* const entry = findThread(thread, serial);
  if (entry == nullptr) return;
  entry->bytes |= kDetached;
  closeThreadIfGone(entry);
}

void noteThreadEnd() noexcept {
  if (!ensureReady()) return;
  SpinGuard guard(gForkLocal->threadsLock);
  HandleTable::Entry* const entry = gThreads.find(pthread_self());
  if (entry == nullptr) return;
  entry->bytes |= kEnded;
  closeThreadIfGone(entry);
}

}  // namespace leakgate::shim
