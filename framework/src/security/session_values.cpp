#include "security/session_values.hpp"

#include <algorithm>
#include <span>
#include <stdexcept>
#include <string>

#include "security/big_endian.hpp"

namespace h3::security {
namespace {

constexpr char kRecordVersion = 1;
constexpr std::size_t kMinCapacityBytes = 32;

}  // namespace

SessionValues::Entry* SessionValues::locate(std::string_view name) const {
  Entry* const end = entries_ + size_;
  Entry* const found = std::find_if(entries_, end, [name](const Entry& entry) { return entry.name == name; });
  return found == end ? nullptr : found;
}

std::optional<std::string_view> SessionValues::find(std::string_view name) const {
  const Entry* const entry = locate(name);
  if (entry == nullptr) return std::nullopt;
  return std::string_view(entry->value, entry->valueBytes);
}

void SessionValues::set(Arena& arena, std::string_view name, std::string_view value, std::size_t maxBytes) {
  if (name.empty() || name.size() > kMaxNameBytes)
    throw std::length_error("a session's name has " + std::to_string(name.size()) +
                            " bytes, expected 1 to 256");
  Entry* entry = locate(name);
  const std::size_t before = entry == nullptr ? 0 : name.size() + entry->valueBytes;
  if (bytes_ - before + name.size() + value.size() > maxBytes)
    throw std::length_error("session value \"" + std::string(name) + "\": the session would exceed its " +
                            std::to_string(maxBytes) + " bytes (SessionOptions::maxBytes)");
  if (entry == nullptr) entry = &append(arena, arena.copy(name));
  if (value.size() > entry->capacityBytes) {
    const std::size_t capacity =
        std::max(value.size() * (entry->capacityBytes == 0 ? 1 : 2), kMinCapacityBytes);
    entry->value = arena.allocateChars(capacity).data();
    entry->capacityBytes = static_cast<std::uint32_t>(capacity);
  }
  std::copy(value.begin(), value.end(), entry->value);
  entry->valueBytes = static_cast<std::uint32_t>(value.size());
  bytes_ += name.size() + value.size() - before;
}

SessionValues::Entry& SessionValues::append(Arena& arena, std::string_view name) {
  if (size_ == kMaxNames) throw std::length_error("a session has at most 64 names");
  if (size_ == capacity_) {
    const std::uint32_t capacity = capacity_ == 0 ? 8 : capacity_ * 2;
    auto* const grown = static_cast<Entry*>(arena.allocate(sizeof(Entry) * capacity, alignof(Entry)));
    std::copy_n(entries_, size_, grown);
    entries_ = grown;
    capacity_ = capacity;
  }
  entries_[size_] = {name, nullptr, 0, 0};
  return entries_[size_++];
}

bool SessionValues::erase(std::string_view name) {
  Entry* const entry = locate(name);
  if (entry == nullptr) return false;
  bytes_ -= entry->name.size() + entry->valueBytes;
  std::move(entry + 1, entries_ + size_, entry);
  --size_;
  return true;
}

std::string_view SessionValues::record(std::int64_t startSeconds, Arena& arena) const {
  const std::span<char> bytes = arena.allocateChars(kHeadBytes + size_ * kEntryHeadBytes + bytes_);
  char* out = bytes.data();
  *out++ = kRecordVersion;
  out = putBigEndian(static_cast<std::uint64_t>(startSeconds), 8, out);
  for (const Entry& entry : std::span(entries_, size_)) {
    out = putBigEndian(entry.name.size(), 2, out);
    out = putBigEndian(entry.valueBytes, 4, out);
    out = std::copy(entry.name.begin(), entry.name.end(), out);
    out = std::copy_n(entry.value, entry.valueBytes, out);
  }
  return {bytes.data(), bytes.size()};
}

std::optional<std::int64_t> SessionValues::read(std::string_view record, Arena& arena) {
  clear();
  if (record.size() < kHeadBytes || record.front() != kRecordVersion) return std::nullopt;
  const auto start = static_cast<std::int64_t>(readBigEndian(record.data() + 1, 8));
  record.remove_prefix(kHeadBytes);
  while (!record.empty()) {
    if (record.size() < kEntryHeadBytes || size_ == kMaxNames) return clear(), std::nullopt;
    const std::size_t nameBytes = readBigEndian(record.data(), 2);
    const std::size_t valueBytes = readBigEndian(record.data() + 2, 4);
    record.remove_prefix(kEntryHeadBytes);
    if (nameBytes + valueBytes > record.size()) return clear(), std::nullopt;
    Entry& entry = append(arena, record.substr(0, nameBytes));
    // The record is the arena's own copy, and only seen here: a value that is set again may overwrite it.
    entry.value = const_cast<char*>(record.data()) + nameBytes;
    entry.valueBytes = entry.capacityBytes = static_cast<std::uint32_t>(valueBytes);
    bytes_ += nameBytes + valueBytes;
    record.remove_prefix(nameBytes + valueBytes);
  }
  return start;
}

}  // namespace h3::security
