#include "shim/handle_table.hpp"

#include <errno.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"

namespace leakgate::shim {
namespace {

constexpr uint64_t kSlots = uint64_t{1} << HandleTable::kSlotsLog2;
constexpr uint64_t kMask = kSlots - 1;

}  // namespace

void HandleTable::prepare() noexcept {
  slots_ = static_cast<Entry*>(mapPrivate(kSlots * sizeof(Entry), AtFork::copy));
  if (slots_ == nullptr) fail("no address space for the table of handles", "mmap", errno);
}

HandleTable::Entry* HandleTable::find(uint64_t key) noexcept {
  for (uint64_t at = home(key); slots_[at].key != 0; at = (at + 1) & kMask) {
    if (slots_[at].key == key) return &slots_[at];
  }
  return nullptr;
}

bool HandleTable::put(const Entry& entry) noexcept {
  if (count_ == kCapacity) return false;
  uint64_t at = home(entry.key);
  while (slots_[at].key != 0) at = (at + 1) & kMask;
  slots_[at] = entry;
  ++count_;
  return true;
}

// Moves later entries of the run up into the gap, so that no probe ends early (Knuth, TAOCP 3, 6.4, R).
void HandleTable::erase(Entry* entry) noexcept {
  auto gap = static_cast<uint64_t>(entry - slots_);
  for (uint64_t at = (gap + 1) & kMask; slots_[at].key != 0; at = (at + 1) & kMask) {
    const uint64_t distance = (at - home(slots_[at].key)) & kMask;
    if (distance < ((at - gap) & kMask)) continue;
    slots_[gap] = slots_[at];
    gap = at;
  }
  slots_[gap] = Entry{};
  --count_;
}

HandleTable::Entry* HandleTable::findOverlap(uint64_t first, uint64_t end) noexcept {
  if (count_ == 0) return nullptr;
  for (uint64_t at = 0; at < kSlots; ++at) {
    Entry& entry = slots_[at];
    if (entry.key != 0 && entry.key < end && first < entry.key + entry.bytes) return &entry;
  }
  return nullptr;
}

}  // namespace leakgate::shim
