#include "middleware/log_ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace h3 {

LogRing::LogRing(std::size_t capacity)
    : mask_(std::bit_ceil(capacity) - 1), bytes_(std::make_unique<char[]>(mask_ + 1)) {}

bool LogRing::give(std::string_view line) noexcept {
  const std::uint64_t given = given_.load(std::memory_order_relaxed);
  const std::uint64_t used = given - taken_.load(std::memory_order_acquire);
  if (line.size() > capacity() - used) return false;
  const std::size_t at = static_cast<std::size_t>(given) & mask_;
  const std::size_t first = std::min(line.size(), capacity() - at);
  std::memcpy(bytes_.get() + at, line.data(), first);
  std::memcpy(bytes_.get(), line.data() + first, line.size() - first);
  given_.store(given + line.size(), std::memory_order_release);
  return true;
}

int LogRing::waiting(std::array<iovec, 2>& pieces) noexcept {
  const std::size_t bytes = waitingBytes();
  if (bytes == 0) return 0;
  const std::size_t at = static_cast<std::size_t>(taken_.load(std::memory_order_relaxed)) & mask_;
  const std::size_t first = std::min(bytes, capacity() - at);
  pieces[0] = {bytes_.get() + at, first};
  pieces[1] = {bytes_.get(), bytes - first};
  return bytes == first ? 1 : 2;
}

}  // namespace h3
