#include "shim/private_memory.hpp"

#include <errno.h>
#include <sys/mman.h>

#include "shim/fatal.hpp"
#include "shim/region_writer.hpp"

namespace leakgate::shim {
namespace {

// A child of fork has the same mappings: the list is in ordinary memory, and each region gets a copy of it.
layout::PrivateMapping gMappings[layout::kMappingCapacity];
uint32_t gMappingCount = 0;
uint64_t gUnlistedBytes = 0;

}  // namespace

void* mapPrivate(size_t bytes, AtFork atFork) noexcept {
  void* address =
      mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (address == MAP_FAILED) return nullptr;
  // A huge page would make 2 MiB resident for the first block in it, but the
  // target's memory is what we measure.
  madvise(address, bytes, MADV_NOHUGEPAGE);
  if (atFork == AtFork::wipe && madvise(address, bytes, MADV_WIPEONFORK) != 0) {
    fail("needs Linux 4.14 or later to follow fork", "MADV_WIPEONFORK", errno);
  }
  if (gMappingCount < layout::kMappingCapacity) {
    gMappings[gMappingCount++] = {reinterpret_cast<uint64_t>(address), bytes};
  } else {
    gUnlistedBytes += bytes;
  }
  if (gRegion.header != nullptr) listMappings(*gRegion.header);
  return address;
}

void listMappings(layout::RegionHeader& header) noexcept {
  for (uint32_t i = header.mappingCount; i < gMappingCount; ++i) header.mappings[i] = gMappings[i];
  __atomic_store_n(&header.unlistedMappingBytes, gUnlistedBytes, __ATOMIC_RELAXED);
  __atomic_store_n(&header.mappingCount, gMappingCount, __ATOMIC_RELEASE);
}

}  // namespace leakgate::shim
