#include "shim/object_table.hpp"

#include "region/layout.hpp"
#include "shim/errno_keeper.hpp"
#include "shim/handle_table.hpp"
#include "shim/process.hpp"
#include "shim/resource_sites.hpp"
#include "shim/resource_tables.hpp"
#include "shim/signals_blocked.hpp"

namespace leakgate::shim {
namespace {

constexpr unsigned kNumberBits = 56;

constexpr uint32_t kEarlyCapacity = 64;

HandleTable gObjects;

// Children that were waited for before they were recorded: by a SIGCHLD handler that ran before fork
// returned, or by another thread.
uint64_t gEarly[kEarlyCapacity];
uint32_t gEarlyNext = 0;

uint64_t keyOf(uint32_t kind, uint64_t number) noexcept {
  return uint64_t{kind} << kNumberBits | (number & ((uint64_t{1} << kNumberBits) - 1));
}

void closeEntry(HandleTable::Entry* entry) noexcept {
  countClosed(entry->site, entry->bytes);
  gObjects.erase(entry);
}

bool takeEarly(uint64_t key) noexcept {
  for (uint64_t& early : gEarly) {
    if (early != key) continue;
    early = 0;
    return true;
  }
  return false;
}

void rememberEarly(uint32_t kind, uint64_t key) noexcept {
  if (kind == layout::kResourceProcess) gEarly[gEarlyNext++ % kEarlyCapacity] = key;
}

}  // namespace

void prepareObjectTable() noexcept { gObjects.prepare(); }

void noteObject(uint32_t kind, uint64_t number, uint64_t bytes, const CallerFrame& caller) noexcept {
  ErrnoKeeper keeper;
  if (!countsCallOf(caller)) return;
  const ResourceId site = siteOfCall(kind, caller);
  const uint64_t key = keyOf(kind, number);
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->objectsLock);
  // The kernel has reused the number: its former object was removed by a call that the hooks did not see.
  if (HandleTable::Entry* stale = gObjects.find(key)) closeEntry(stale);
  if (takeEarly(key)) {
    countOpened(site, bytes);
    return countClosed(site, bytes);
  }
  countOpened(gObjects.put({key, bytes, site}) ? site : 0, bytes);
}

void forgetObject(uint32_t kind, uint64_t number) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return;
  const uint64_t key = keyOf(kind, number);
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->objectsLock);
  if (HandleTable::Entry* entry = gObjects.find(key))
    closeEntry(entry);
  else
    rememberEarly(kind, key);
}

void moveObject(uint32_t kind, uint64_t from, uint64_t to) noexcept {
  ErrnoKeeper keeper;
  if (!ensureReady()) return;
  SignalsBlocked blocked;
  SpinGuard guard(gForkLocal->objectsLock);
  HandleTable::Entry* const entry = gObjects.find(keyOf(kind, from));
  if (entry == nullptr) return;
  HandleTable::Entry moved = *entry;
  gObjects.erase(entry);
  moved.key = keyOf(kind, to);
  gObjects.put(moved);
}

// FNV-1a.
uint64_t numberOfName(const char* name) noexcept {
  uint64_t hash = 0xcbf29ce484222325ULL;
  while (*name == '/') ++name;
  for (; *name != '\0'; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 0x100000001b3ULL;
  return hash;
}

}  // namespace leakgate::shim
