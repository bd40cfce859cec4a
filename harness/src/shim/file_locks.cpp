#include "shim/file_locks.hpp"

#include <errno.h>

#include "region/layout.hpp"
#include "shim/errno_keeper.hpp"
#include "shim/fatal.hpp"
#include "shim/handle_table.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"
#include "shim/resource_tables.hpp"
#include "shim/signals_blocked.hpp"

namespace leakgate::shim {
namespace {

constexpr uint32_t kDescriptors = 1u << 20;

HandleTable gLocks;          ///< `bytes` is the descriptor: a lock has none
uint8_t* gLocked = nullptr;  ///< by descriptor: whether it has locked anything since it was opened
uint32_t gLockedEnd = 0;     ///< one above the highest of them

// Two ranges of one descriptor with the same key count as one lock: the place then shows one lock less.
uint64_t keyOf(uint32_t descriptor, const LockedRange& range) noexcept {
  uint64_t key = range.start * 0x9e3779b97f4a7c15ULL ^ range.length * 0xc2b2ae3d27d4eb4fULL;
  key = (key ^ key >> 32 ^ descriptor) * 0xd6e8feb86659fd93ULL;
  return key | 1;
}

void closeEntry(HandleTable::Entry* entry) noexcept {
  countClosed(entry->site, 0);
  gLocks.erase(entry);
}

void raiseEnd(uint32_t end) noexcept {
  if (end > gLockedEnd) __atomic_store_n(&gLockedEnd, end, __ATOMIC_RELAXED);
}

void forgetAllOf(uint32_t descriptor) noexcept {
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->locksLock);
  __atomic_store_n(&gLocked[descriptor], 0, __ATOMIC_RELAXED);
  while (HandleTable::Entry* entry = gLocks.findBytes(descriptor)) closeEntry(entry);
}

}  // namespace

void prepareFileLocks() noexcept {
  gLocks.prepare();
  gLocked = static_cast<uint8_t*>(mapPrivate(kDescriptors, AtFork::copy));
  if (gLocked == nullptr) fail("no address space for the table of locks", "mmap", errno);
}

void noteLock(int descriptor, const LockedRange& range, const CallerFrame& caller) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= kDescriptors) return;
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  const ResourceId site = siteOfCall(layout::kResourceLock, caller);
  const uint64_t key = keyOf(number, range);
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->locksLock);
  if (HandleTable::Entry* entry = gLocks.find(key)) closeEntry(entry);
  countOpened(gLocks.put({key, number, site}) ? site : 0, 0);
  __atomic_store_n(&gLocked[number], 1, __ATOMIC_RELAXED);
  raiseEnd(number + 1);
}

void forgetLock(int descriptor, const LockedRange& range) noexcept {
  const auto number = static_cast<uint32_t>(descriptor);
  if (number >= __atomic_load_n(&gLockedEnd, __ATOMIC_RELAXED)) return;
  ErrnoKeeper keeper;
  if (!ensureReady()) return;
  if (range.isWholeFile()) return forgetAllOf(number);
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->locksLock);
  if (HandleTable::Entry* entry = gLocks.find(keyOf(number, range))) closeEntry(entry);
}

void forgetLocksOf(uint32_t first, uint32_t last) noexcept {
  const uint32_t end = __atomic_load_n(&gLockedEnd, __ATOMIC_RELAXED);
  for (uint32_t number = first; number < end && number <= last; ++number) {
    if (__atomic_load_n(&gLocked[number], __ATOMIC_RELAXED) != 0) forgetAllOf(number);
  }
}

}  // namespace leakgate::shim
