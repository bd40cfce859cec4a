#include "shim/shadow_table.hpp"

#include <errno.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"
#include "shim/process.hpp"

namespace leakgate::shim {

uint32_t** gShadowRoot = nullptr;

void prepareShadow() noexcept {
  gShadowRoot = static_cast<uint32_t**>(mapPrivate(kRootEntries * sizeof(uint32_t*), AtFork::copy));
  if (gShadowRoot == nullptr) fail("no address space for the shadow table", "mmap", errno);
}

uint32_t* addEntry(const void* block) noexcept {
  const uint64_t address = reinterpret_cast<uint64_t>(block);
  if (address >> kAddressBits != 0) return nullptr;
  SpinGuard guard(gForkLocal->tablesLock);
  uint32_t*& entry = gShadowRoot[address >> kLeafBits];
  if (entry == nullptr) {
    auto* leaf = static_cast<uint32_t*>(mapPrivate(kLeafEntries * sizeof(uint32_t), AtFork::copy));
    __atomic_store_n(&entry, leaf, __ATOMIC_RELEASE);
  }
  return findEntry(block);
}

}  // namespace leakgate::shim
