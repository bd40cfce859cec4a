#include "shim/unwind/unwind_module.hpp"

#include <dlfcn.h>
#include <string.h>

namespace leakgate::shim {
namespace {

// The thread that makes `version` odd writes the slot; an even version marks it as complete. Two threads may
// enter one module twice: lookups then find the first entry.
struct Slot {
  uint32_t version;  ///< 0: never used
  uint32_t retired;
  UnwindModule module;
};

constexpr uint32_t kProbes = 32;
constexpr uint64_t kGolden = 0x9e3779b97f4a7c15ULL;

Slot gSlots[kUnwindModules];
uint32_t gLastNumber = 0;
uint64_t gNotKept = 0;

Slot& slotOf(uint64_t start, uint32_t probe) noexcept {
  return gSlots[((start * kGolden >> 40) + probe) % kUnwindModules];
}

// The number of functions, and the addresses of the first and the last one.
uint64_t contentOf(const EhFrame& frames) noexcept {
  if (frames.count == 0) return 0;
  uint64_t first = 0;
  uint64_t last = 0;
  memcpy(&first, frames.table, sizeof first);
  memcpy(&last, frames.table + (frames.count - 1) * sizeof last, sizeof last);
  return ((frames.count * kGolden ^ first) * kGolden ^ last) * kGolden;
}

UnwindModule loadedAt(uint64_t address) noexcept {
  UnwindModule module{};
  dl_find_object found;
  if (_dl_find_object(reinterpret_cast<void*>(address), &found) != 0) return module;
  module.start = reinterpret_cast<uint64_t>(found.dlfo_map_start);
  module.end = reinterpret_cast<uint64_t>(found.dlfo_map_end);
  module.frames = openEhFrame(found.dlfo_eh_frame, found.dlfo_map_start, found.dlfo_map_end);
  module.content = contentOf(module.frames);
  return module;
}

bool isSame(const UnwindModule& left, const UnwindModule& right) noexcept {
  return left.start == right.start && left.end == right.end && left.frames.header == right.frames.header &&
         left.content == right.content;
}

// 0: this is not its slot.
uint32_t numberIn(const Slot& slot, const UnwindModule& module) noexcept {
  const uint32_t version = __atomic_load_n(&slot.version, __ATOMIC_ACQUIRE);
  if (version % 2 != 0 || __atomic_load_n(&slot.retired, __ATOMIC_RELAXED) != 0) return 0;
  const uint32_t number = isSame(slot.module, module) ? slot.module.number : 0;
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  return __atomic_load_n(&slot.version, __ATOMIC_RELAXED) == version ? number : 0;
}

uint32_t takeNumber() noexcept {
  uint32_t last = __atomic_load_n(&gLastNumber, __ATOMIC_RELAXED);
  while (last < kModuleNumbers) {
    if (__atomic_compare_exchange_n(&gLastNumber, &last, last + 1, true, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED)) {
      return last + 1;
    }
  }
  return 0;
}

bool enter(Slot& slot, UnwindModule& module) noexcept {
  uint32_t version = __atomic_load_n(&slot.version, __ATOMIC_ACQUIRE);
  const bool free = version == 0 || __atomic_load_n(&slot.retired, __ATOMIC_RELAXED) != 0;
  if (!free || version % 2 != 0) return false;
  if (!__atomic_compare_exchange_n(&slot.version, &version, version + 1, false, __ATOMIC_ACQUIRE,
                                   __ATOMIC_RELAXED)) {
    return false;
  }
  module.number = takeNumber();
  slot.module = module;
  __atomic_store_n(&slot.retired, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&slot.version, version + 2, __ATOMIC_RELEASE);
  return true;
}

[[gnu::cold]] void enterAnywhere(UnwindModule& module) noexcept {
  for (uint32_t probe = 0; probe < kProbes; ++probe) {
    if (enter(slotOf(module.start, probe), module)) break;
  }
  if (module.number == 0) __atomic_fetch_add(&gNotKept, 1, __ATOMIC_RELAXED);
}

bool isGone(const Slot& slot) noexcept {
  const uint32_t version = __atomic_load_n(&slot.version, __ATOMIC_ACQUIRE);
  if (version == 0 || version % 2 != 0 || __atomic_load_n(&slot.retired, __ATOMIC_RELAXED) != 0) return false;
  return !isSame(slot.module, loadedAt(slot.module.start));
}

}  // namespace

UnwindModule findUnwindModule(uint64_t address) noexcept {
  UnwindModule module = loadedAt(address);
  if (module.start == 0) return module;
  for (uint32_t probe = 0; probe < kProbes && module.number == 0; ++probe) {
    const Slot& slot = slotOf(module.start, probe);
    if (__atomic_load_n(&slot.version, __ATOMIC_ACQUIRE) == 0) break;
    module.number = numberIn(slot, module);
  }
  if (module.number == 0) enterAnywhere(module);
  return module;
}

bool retireUnloadedModules() noexcept {
  bool any = false;
  for (Slot& slot : gSlots) {
    if (!isGone(slot)) continue;
    __atomic_store_n(&slot.retired, 1, __ATOMIC_RELAXED);
    any = true;
  }
  return any;
}

uint64_t unwindModulesNotKept() noexcept { return __atomic_load_n(&gNotKept, __ATOMIC_RELAXED); }

}  // namespace leakgate::shim
