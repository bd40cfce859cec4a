#include "server/connection_limiter.hpp"

#include <bit>
#include <functional>

namespace h3::server {
namespace {

std::uint64_t keyOf(std::string_view address) { return std::hash<std::string_view>{}(address) | 1; }

}  // namespace

ConnectionLimiter::ConnectionLimiter(std::size_t connections, std::size_t perAddress)
    : maxOpen_(connections), maxPerAddress_(perAddress) {
  if (perAddress < connections) slots_.resize(std::bit_ceil(connections * 2));
}

bool ConnectionLimiter::acquire(std::string_view address) {
  if (!acquireUnnamed()) return false;
  if (name(address)) return true;
  releaseUnnamed();
  return false;
}

bool ConnectionLimiter::acquireUnnamed() {
  if (open_.fetch_add(1, std::memory_order_relaxed) < maxOpen_) return true;
  releaseUnnamed();
  return false;
}

bool ConnectionLimiter::name(std::string_view address) {
  if (!limitsAddresses()) return true;
  const std::lock_guard lock(mutex_);
  Slot& slot = slotOf(keyOf(address));
  if (slot.count >= maxPerAddress_) return false;
  slot.key = keyOf(address);
  ++slot.count;
  return true;
}

void ConnectionLimiter::release(std::string_view address) {
  if (limitsAddresses()) {
    const std::lock_guard lock(mutex_);
    Slot& slot = slotOf(keyOf(address));
    if (--slot.count == 0) erase(static_cast<std::size_t>(&slot - slots_.data()));
  }
  // Last, so that the table never has more addresses than counted connections.
  releaseUnnamed();
}

ConnectionLimiter::Slot& ConnectionLimiter::slotOf(std::uint64_t key) {
  std::size_t at = key & (slots_.size() - 1);
  while (slots_[at].key != 0 && slots_[at].key != key) at = (at + 1) & (slots_.size() - 1);
  return slots_[at];
}

// Deletes by shifting back, so that no tombstones accumulate.
void ConnectionLimiter::erase(std::size_t hole) {
  const std::size_t mask = slots_.size() - 1;
  slots_[hole] = Slot{};
  for (std::size_t at = (hole + 1) & mask; slots_[at].key != 0; at = (at + 1) & mask) {
    const std::size_t home = slots_[at].key & mask;
    const bool reachable = ((at - home) & mask) < ((at - hole) & mask);
    if (reachable) continue;
    slots_[hole] = slots_[at];
    slots_[at] = Slot{};
    hole = at;
  }
}

}  // namespace h3::server
