#include "h3http/string_pool.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace h3 {

StringPool::StringPool(StringPoolOptions options, SeededHash hash) : options_(options), hash_(hash) {
  options_.maxBytes = std::min<std::size_t>(options_.maxBytes, kFree);
  slots_.resize(std::bit_ceil(2 * options_.maxEntries + 1));
  bytes_ = std::make_unique_for_overwrite<char[]>(options_.maxBytes);
}

std::optional<std::string_view> StringPool::intern(std::string_view text) noexcept {
  const auto hash = static_cast<std::uint32_t>(hash_(text));
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
    Slot& slot = slots_[i];
    if (slot.offset == kFree) return add(slot, hash, text);
    if (slot.hash == hash && textOf(slot) == text) {
      ++stats_.hits;
      return textOf(slot);
    }
  }
}

std::optional<std::string_view> StringPool::add(Slot& slot, std::uint32_t hash,
                                                std::string_view text) noexcept {
  if (stats_.entries == options_.maxEntries || text.size() > options_.maxBytes - stats_.bytes) {
    ++stats_.rejected;
    return std::nullopt;
  }
  if (!text.empty()) std::memcpy(bytes_.get() + stats_.bytes, text.data(), text.size());
  slot = {hash, static_cast<std::uint32_t>(text.size()), static_cast<std::uint32_t>(stats_.bytes)};
  ++stats_.misses;
  ++stats_.entries;
  stats_.bytes += text.size();
  return textOf(slot);
}

}  // namespace h3
