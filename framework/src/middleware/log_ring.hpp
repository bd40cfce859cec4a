// Lines on their way from one thread to another, without a lock.
#pragma once

#include <sys/uio.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace h3 {

/// A ring of bytes that holds whole lines.
///
///     bytes_:  | free | lines that wait | free |
///              0      taken_            given_  capacity      (both counted up for ever, modulo capacity)
///
/// Threads: one gives, one takes. Allocates: in the constructor only.
class LogRing {
 public:
  /// `capacity`: rounded up to a power of two.
  explicit LogRing(std::size_t capacity);

  /// Returns false when there is no room for the whole line.
  bool give(std::string_view line) noexcept;
  std::size_t waitingBytes() const noexcept {
    return static_cast<std::size_t>(given_.load(std::memory_order_acquire) -
                                    taken_.load(std::memory_order_relaxed));
  }
  std::size_t capacity() const noexcept { return mask_ + 1; }

  /// What waits, in up to two pieces; returns how many. Valid until taken().
  int waiting(std::array<iovec, 2>& pieces) noexcept;
  /// These bytes have been written.
  void taken(std::size_t bytes) noexcept {
    taken_.store(taken_.load(std::memory_order_relaxed) + bytes, std::memory_order_release);
  }

 private:
  const std::size_t mask_;
  const std::unique_ptr<char[]> bytes_;
  alignas(64) std::atomic<std::uint64_t> given_{0};
  alignas(64) std::atomic<std::uint64_t> taken_{0};
};

}  // namespace h3
