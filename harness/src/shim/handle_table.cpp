#include "shim/handle_table.hpp"

#include <errno.h>
#include <sys/mman.h>

#include "shim/fatal.hpp"
#include "shim/private_memory.hpp"

namespace leakgate::shim {
namespace {

using Entry = HandleTable::Entry;

constexpr uint64_t kFirstSlots = uint64_t{1} << HandleTable::kFirstSlotsLog2;
constexpr uint64_t kAllSlots = (uint64_t{2} << HandleTable::kMaxSlotsLog2) - kFirstSlots;
static_assert(kFirstSlots * sizeof(Entry) % 4096 == 0, "each size begins with a page");

// Gives the pages back to the kernel; they read as zeros afterwards.
void clear(Entry* slots, unsigned log2) noexcept {
  madvise(slots, (uint64_t{1} << log2) * sizeof(Entry), MADV_DONTNEED);
}

}  // namespace

void HandleTable::prepare() noexcept {
  memory_ = static_cast<Entry*>(mapPrivate(kAllSlots * sizeof(Entry), AtFork::copy));
  if (memory_ == nullptr) fail("no address space for the table of handles", "mmap", errno);
}

HandleTable::Entry* HandleTable::find(uint64_t key) noexcept {
  Entry* const slots = this->slots();
  for (uint64_t at = home(key); slots[at].key != 0; at = (at + 1) & mask()) {
    if (slots[at].key == key) return &slots[at];
  }
  return nullptr;
}

bool HandleTable::put(const Entry& entry) noexcept {
  if (count_ == kCapacity) return false;
  if (2 * uint64_t{count_} > mask()) grow();
  insert(entry);
  ++count_;
  return true;
}

void HandleTable::insert(const Entry& entry) noexcept {
  Entry* const slots = this->slots();
  uint64_t at = home(entry.key);
  while (slots[at].key != 0) at = (at + 1) & mask();
  slots[at] = entry;
}

// A fork in the middle leaves the child with the whole smaller table and a part of the larger one.
void HandleTable::grow() noexcept {
  HandleTable larger = *this;
  ++larger.slotsLog2_;
  clear(larger.slots(), larger.slotsLog2_);
  for (const Entry* entry = slots(); entry <= slots() + mask(); ++entry) {
    if (entry->key != 0) larger.insert(*entry);
  }
  const unsigned before = slotsLog2_;
  __atomic_store_n(&slotsLog2_, larger.slotsLog2_, __ATOMIC_RELEASE);
  clear(slotsOf(before), before);
}

// Moves later entries of the run up into the gap, so that no probe ends early (Knuth, TAOCP 3, 6.4, R).
void HandleTable::erase(Entry* entry) noexcept {
  Entry* const slots = this->slots();
  auto gap = static_cast<uint64_t>(entry - slots);
  for (uint64_t at = (gap + 1) & mask(); slots[at].key != 0; at = (at + 1) & mask()) {
    const uint64_t distance = (at - home(slots[at].key)) & mask();
    if (distance < ((at - gap) & mask())) continue;
    slots[gap] = slots[at];
    gap = at;
  }
  slots[gap] = Entry{};
  --count_;
}

HandleTable::Entry* HandleTable::findOverlap(uint64_t first, uint64_t end) noexcept {
  if (count_ == 0) return nullptr;
  for (Entry* entry = slots(); entry <= slots() + mask(); ++entry) {
    if (entry->key != 0 && entry->key < end && first < entry->key + entry->bytes) return entry;
  }
  return nullptr;
}

HandleTable::Entry* HandleTable::findBytes(uint64_t bytes) noexcept {
  if (count_ == 0) return nullptr;
  for (Entry* entry = slots(); entry <= slots() + mask(); ++entry) {
    if (entry->key != 0 && entry->bytes == bytes) return entry;
  }
  return nullptr;
}

}  // namespace leakgate::shim
