#include "app/context_map.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include "h3http/detail/seeded_hash.hpp"
#include "http/short_text.hpp"

namespace h3 {
namespace {

constexpr std::uint32_t kFirstCapacity = 8;
constexpr std::size_t kSmallestValueSlot = 16;

// Needs no secret key: the program chooses the keys, not clients.
constexpr SeededHash kKeyHash{0};

std::uint32_t hashOf(std::string_view key) { return static_cast<std::uint32_t>(kKeyHash(key)); }

void checkLength(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max() / 4)
    throw std::length_error("context string over 1 GiB");
}

}  // namespace

void ContextMap::set(Arena& arena, std::string_view key, std::string_view value, std::uint32_t maxKeys) {
  checkLength(key);
  checkLength(value);
  const std::uint32_t hash = hashOf(key);
  Slot* slot = locate(key, hash);
  if (slot == nullptr) {
    if (size_ >= maxKeys) throw std::length_error("an event holds too many context keys");
    slot = &append(arena, key, hash);
  }
  assign(arena, *slot, value);
}

std::optional<std::string_view> ContextMap::findAmongSome(std::string_view key) const {
  const Slot* slot = locate(key, hashOf(key));
  if (slot == nullptr) return std::nullopt;
  return std::string_view(slot->value, slot->valueBytes);
}

ContextMap::Slot* ContextMap::locate(std::string_view key, std::uint32_t hash) const {
  const auto matches = [&](const Slot& slot) {
    return slot.hash == hash && slot.keyBytes == key.size() && equalTexts(slot.key, key.data(), key.size());
  };
  if (index_ == nullptr) {
    Slot* const end = slots_ + size_;
    Slot* const found = std::find_if(slots_, end, matches);
    return found == end ? nullptr : found;
  }
  for (std::uint32_t at = hash & indexMask_; index_[at] != 0; at = (at + 1) & indexMask_) {
    Slot& slot = slots_[index_[at] - 1];
    if (matches(slot)) return &slot;
  }
  return nullptr;
}

void ContextMap::assign(Arena& arena, Slot& slot, std::string_view value) {
  if (value.size() > slot.capacityBytes) {
    if (slot.capacityBytes != 0 && arena.extendLast(slot.value, slot.capacityBytes, value.size())) {
      slot.capacityBytes = static_cast<std::uint32_t>(value.size());
    } else {
      const std::size_t capacity =
          std::max({kSmallestValueSlot, value.size(), std::size_t{slot.capacityBytes} * 2});
      // The old value stays readable while the new one is copied: `value` may be a view into it.
      char* const grown = static_cast<char*>(arena.allocate(capacity, 1));
      copyText(grown, value);
      slot.value = grown;
      slot.capacityBytes = static_cast<std::uint32_t>(capacity);
      slot.valueBytes = static_cast<std::uint32_t>(value.size());
      return;
    }
  }
  if (!value.empty()) std::memmove(slot.value, value.data(), value.size());
  slot.valueBytes = static_cast<std::uint32_t>(value.size());
}

ContextMap::Slot& ContextMap::append(Arena& arena, std::string_view key, std::uint32_t hash) {
  if (size_ == capacity_) growSlots(arena);
  char* const ownKey = arena.allocateChars(key.size()).data();
  copyText(ownKey, key);
  slots_[size_] = Slot{ownKey, nullptr, static_cast<std::uint32_t>(key.size()), 0, 0, hash};
  ++size_;
  if (size_ > kLinearKeys) {
    if (index_ == nullptr || size_ * 2 > indexMask_) {
      rebuildIndex(arena);
    } else {
      insertIntoIndex(size_ - 1);
    }
  }
  return slots_[size_ - 1];
}

void ContextMap::growSlots(Arena& arena) {
  const std::uint32_t capacity = capacity_ == 0 ? kFirstCapacity : capacity_ * 2;
  auto* const grown = static_cast<Slot*>(arena.allocate(sizeof(Slot) * capacity, alignof(Slot)));
  std::copy_n(slots_, size_, grown);
  slots_ = grown;
  capacity_ = capacity;
}

void ContextMap::rebuildIndex(Arena& arena) {
  std::uint32_t entries = 64;
  while (entries < size_ * 4) entries *= 2;
  index_ =
      static_cast<std::uint32_t*>(arena.allocate(sizeof(std::uint32_t) * entries, alignof(std::uint32_t)));
  std::fill_n(index_, entries, 0u);
  indexMask_ = entries - 1;
  for (std::uint32_t position = 0; position < size_; ++position) insertIntoIndex(position);
}

void ContextMap::insertIntoIndex(std::uint32_t position) {
  std::uint32_t at = slots_[position].hash & indexMask_;
  while (index_[at] != 0) at = (at + 1) & indexMask_;
  index_[at] = position + 1;
}

}  // namespace h3
