// Buffers that the kernel fills with received bytes, shared by all sockets of a ring.
#pragma once

#include <liburing.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace h3::server {

/// A ring of free buffers, shared with the kernel: an idle connection needs none.
///
/// Bounded: when all are in use the kernel returns ENOBUFS, and receiving continues without them. Resident
/// from the start, because they are used in turn and memory would seem to grow until each was used once.
/// Lifetime: longer than the ring's. Threads: one owner.
class ProvidedBuffers {
 public:
  static constexpr unsigned kCount = 128;  // a power of two
  static constexpr unsigned kBytes = 4096;
  static constexpr std::uint16_t kGroup = 0;
  static constexpr std::uint16_t kNone = 0xffff;

  /// Throws boost::system::system_error.
  ProvidedBuffers();
  ~ProvidedBuffers();
  ProvidedBuffers(const ProvidedBuffers&) = delete;
  ProvidedBuffers& operator=(const ProvidedBuffers&) = delete;

  /// Throws boost::system::system_error.
  void provideTo(io_uring& ring);
  /// The kernel may fill it again.
  void giveBack(std::uint16_t buffer);

 private:
  friend class HeldBytes;
  struct Held {
    std::uint16_t next;
    std::uint16_t bytes;
  };

  char* dataOf(std::uint16_t buffer) const { return memory_ + std::size_t{buffer} * kBytes; }

  char* memory_ = nullptr;  ///< | kCount buffers | ring of kCount entries |
  io_uring_buf_ring* free_ = nullptr;
  std::array<Held, kCount> held_{};
};

/// Received but unread bytes of one socket: a queue of filled buffers.
class HeldBytes {
 public:
  unsigned buffers() const { return count_; }
  void append(ProvidedBuffers& pool, std::uint16_t buffer, std::size_t bytes);
  /// Moves as much as there is, at most `room`, and returns emptied buffers to the pool.
  std::size_t moveTo(char* into, std::size_t room, ProvidedBuffers& pool);
  void clear(ProvidedBuffers& pool);

 private:
  void dropFirst(ProvidedBuffers& pool);

  std::uint16_t first_ = ProvidedBuffers::kNone;
  std::uint16_t last_ = ProvidedBuffers::kNone;
  std::uint16_t count_ = 0;
  std::uint16_t taken_ = 0;  ///< bytes of the first
};

}  // namespace h3::server
