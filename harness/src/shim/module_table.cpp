#include "shim/module_table.hpp"

#include <dlfcn.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

#include "region/layout.hpp"
#include "shim/region_writer.hpp"
#include "shim/small_text.hpp"

namespace leakgate::shim {
namespace {

uint32_t gModuleCount = 0;                      // in ordinary memory, like the counts of the other tables
uint64_t gNameHashes[layout::kModuleCapacity];  ///< of the loader's names
char gExecutable[sizeof layout::Module::path];

constexpr int kMaxLinks = 8;

uint64_t hashOf(const char* name) noexcept {
  uint64_t hash = 0;
  for (; *name != '\0'; ++name) hash = (hash ^ static_cast<unsigned char>(*name)) * 0x100000001b3ULL;
  return hash;
}

// The loader has no name for the program itself.
const char* nameOf(const link_map& object) noexcept {
  if (object.l_name != nullptr && object.l_name[0] != '\0') return object.l_name;
  if (gExecutable[0] == '\0') {
    const ssize_t length = readlink("/proc/self/exe", gExecutable, sizeof gExecutable - 1);
    if (length < 0) strncpy(gExecutable, "?", sizeof gExecutable - 1);
  }
  return gExecutable;
}

// Compares names too: after a file is unloaded another may have its addresses.
bool isModule(uint32_t number, const dl_find_object& found, const char* name) noexcept {
  const layout::Module& module = gRegion.modules[number];
  return module.start == reinterpret_cast<uint64_t>(found.dlfo_map_start) &&
         module.end == reinterpret_cast<uint64_t>(found.dlfo_map_end) &&
         module.bias == found.dlfo_link_map->l_addr && gNameHashes[number] == hashOf(name);
}

// libfoo.so.1 -> libfoo.so.1.2.3: the reader needs the name of the file itself. Symbolic links in directories
// are left to the reader.
void followLinks(PathText& path) noexcept {
  char target[sizeof layout::Module::path];
  for (int i = 0; i < kMaxLinks; ++i) {
    const ssize_t length = readlink(path.text(), target, sizeof target - 1);
    if (length <= 0) return;
    target[length] = '\0';
    PathText next;
    const char* slash = strrchr(path.text(), '/');
    if (target[0] != '/' && slash != nullptr)
      next.append(path.text(), static_cast<size_t>(slash + 1 - path.text()));
    path = next.append(target);
  }
}

// 0 when the table is full.
uint64_t appendModule(const dl_find_object& found, const char* name) noexcept {
  if (gModuleCount == layout::kModuleCapacity) return 0;
  layout::Module& module = gRegion.modules[gModuleCount];
  module.start = reinterpret_cast<uint64_t>(found.dlfo_map_start);
  module.end = reinterpret_cast<uint64_t>(found.dlfo_map_end);
  module.bias = found.dlfo_link_map->l_addr;
  PathText path;
  followLinks(path.append(name));
  memcpy(module.path, path.text(), strnlen(path.text(), sizeof module.path - 1));  // the rest is zero
  gNameHashes[gModuleCount] = hashOf(name);
  __atomic_store_n(&gRegion.header->moduleCount, ++gModuleCount, __ATOMIC_RELEASE);
  return gModuleCount;
}

// Returns the number of the module plus one. _dl_find_object takes no lock and allocates nothing, and the
// code at the address is running, so it stays loaded meanwhile.
uint64_t findModule(uint64_t address) noexcept {
  dl_find_object found;
  // The call itself is before its return address, which may be the first address of the next file.
  if (_dl_find_object(reinterpret_cast<void*>(address - 1), &found) != 0) return 0;
  const char* name = nameOf(*found.dlfo_link_map);
  for (uint32_t i = gModuleCount; i > 0; --i) {
    if (isModule(i - 1, found, name)) return i;
  }
  return appendModule(found, name);
}

}  // namespace

uint32_t moduleCount() noexcept { return gModuleCount; }

uint64_t packLocation(uint64_t address) noexcept {
  return (address & layout::kAddressMask) | findModule(address) << layout::kModuleShift;
}

void packLocations(const uint64_t* addresses, uint32_t count, uint64_t* packed) noexcept {
  const layout::Module* last = nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    const bool inLast = last != nullptr && addresses[i] > last->start && addresses[i] <= last->end;
    if (inLast) {
      const auto number = static_cast<uint64_t>(last - gRegion.modules) + 1;
      packed[i] = (addresses[i] & layout::kAddressMask) | number << layout::kModuleShift;
      continue;
    }
    packed[i] = packLocation(addresses[i]);
    const uint64_t number = packed[i] >> layout::kModuleShift;
    last = number != 0 ? &gRegion.modules[number - 1] : nullptr;
  }
}

CodeLocation locationOf(uint64_t packed) noexcept {
  const uint64_t module = packed >> layout::kModuleShift;
  const uint64_t address = packed & layout::kAddressMask;
  if (module == 0) return {nullptr, address};
  return {gRegion.modules[module - 1].path, address - gRegion.modules[module - 1].bias};
}

}  // namespace leakgate::shim
