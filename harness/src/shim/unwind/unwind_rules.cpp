#include "shim/unwind/unwind_rules.hpp"

#include <errno.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"

namespace leakgate::shim {
namespace {

struct Slot {
  uint64_t address;  ///< 0: free; kBeingWritten: its rule is not written yet
  uint64_t rule;
};

constexpr uint64_t kBeingWritten = 1;
constexpr unsigned kFirstLog2 = 12;
constexpr unsigned kTables = 7;
constexpr unsigned kProbes = 16;

Slot* gSlots = nullptr;
uint32_t gYoungest = 0;  ///< number of the table that is being filled
uint64_t gUsed[kTables];
uint64_t gNotKept = 0;

uint64_t wordOf(FrameRule rule) noexcept { return __builtin_bit_cast(uint64_t, rule); }
FrameRule ruleOf(uint64_t word) noexcept { return __builtin_bit_cast(FrameRule, word); }

constexpr uint64_t slotsIn(unsigned table) { return uint64_t{1} << (kFirstLog2 + table); }

Slot* startOf(unsigned table) noexcept { return gSlots + (slotsIn(table) - slotsIn(0)); }

// The slot of an address, or the free slot where it belongs. nullptr when there is neither nearby.
[[gnu::always_inline]] inline Slot* findSlot(unsigned table, uint64_t address) noexcept {
  const uint64_t mask = slotsIn(table) - 1;
  const uint64_t hash = address * 0x9e3779b97f4a7c15ULL >> (64 - kFirstLog2 - table);
  for (unsigned probe = 0; probe < kProbes; ++probe) {
    Slot* slot = startOf(table) + ((hash + probe) & mask);
    const uint64_t found = __atomic_load_n(&slot->address, __ATOMIC_ACQUIRE);
    if (found == address || found == 0) return slot;
  }
  return nullptr;
}

[[gnu::always_inline]] inline bool lookUp(unsigned table, const UnwindModule& module, uint64_t address,
                                          FrameRule& rule) noexcept {
  const Slot* slot = findSlot(table, address);
  if (slot == nullptr || __atomic_load_n(&slot->address, __ATOMIC_ACQUIRE) != address) return false;
  rule = ruleOf(__atomic_load_n(&slot->rule, __ATOMIC_RELAXED));
  return rule.module == module.number;
}

void openNextTable(unsigned table) noexcept {
  uint32_t expected = table;
  if (table + 1 == kTables) return;
  __atomic_compare_exchange_n(&gYoungest, &expected, table + 1, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

// Another thread may take the free slot first: then this rule is read again next time.
bool keepIn(unsigned table, uint64_t address, FrameRule rule) noexcept {
  Slot* slot = findSlot(table, address);
  if (slot == nullptr) return false;
  uint64_t found = 0;
  const bool claimed = __atomic_compare_exchange_n(&slot->address, &found, kBeingWritten, false,
                                                   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
  if (!claimed && found != address) return true;
  __atomic_store_n(&slot->rule, wordOf(rule), __ATOMIC_RELAXED);
  if (!claimed) return true;
  __atomic_store_n(&slot->address, address, __ATOMIC_RELEASE);
  return __atomic_add_fetch(&gUsed[table], 1, __ATOMIC_RELAXED) <= slotsIn(table) * 5 / 8;
}

void keep(unsigned table, uint64_t address, FrameRule rule) noexcept {
  const bool last = table + 1 == kTables;
  if (last && __atomic_load_n(&gUsed[table], __ATOMIC_RELAXED) > slotsIn(table) * 3 / 4) {
    __atomic_fetch_add(&gNotKept, 1, __ATOMIC_RELAXED);
    return;
  }
  if (!keepIn(table, address, rule)) openNextTable(table);
}

}  // namespace

void prepareRules() noexcept {
  if (gSlots != nullptr) return;
  gSlots = static_cast<Slot*>(mapPrivate((slotsIn(kTables) - slotsIn(0)) * sizeof(Slot), AtFork::copy));
  if (gSlots == nullptr) fail("no address space for the unwind rules", "mmap", errno);
}

FrameRule findRule(const UnwindModule& module, uint64_t address) noexcept {
  const unsigned table = __atomic_load_n(&gYoungest, __ATOMIC_ACQUIRE);
  FrameRule rule{};
  if (__builtin_expect(lookUp(table, module, address, rule), 1)) return rule;
  if (table == 0 || !lookUp(table - 1, module, address, rule)) {
    rule = readFrameRule(module.frames, address);
    rule.module = module.number;
  }
  if (module.number != 0) keep(table, address, rule);
  return rule;
}

uint64_t rulesNotKept() noexcept { return __atomic_load_n(&gNotKept, __ATOMIC_RELAXED); }

}  // namespace leakgate::shim
