#pragma once
#include <algorithm>
#include <cassert>
#include <cstddef>

namespace h3 {

/// Bytes in one worker's pools: in use, parked (free, kept for reuse), and the peak in use.
///
/// Arenas and buffer pools update it only when they get memory from the system, return it, or move it between
/// a user and a free list, so it costs nothing per allocation. Threads: one owner.
class MemoryLedger {
 public:
  void allocated(std::size_t bytes) noexcept { use(bytes); }
  void freed(std::size_t bytes) noexcept { unuse(bytes); }

  /// In use -> free list.
  void parked(std::size_t bytes) noexcept {
    unuse(bytes);
    parkedBytes_ += bytes;
  }

  /// Free list -> in use.
  void unparked(std::size_t bytes) noexcept {
    assert(parkedBytes_ >= bytes);
    parkedBytes_ -= bytes;
    use(bytes);
  }

  /// System -> free list.
  void allocatedParked(std::size_t bytes) noexcept { parkedBytes_ += bytes; }

  /// Free list -> system.
  void freedParked(std::size_t bytes) noexcept {
    assert(parkedBytes_ >= bytes);
    parkedBytes_ -= bytes;
  }

  std::size_t inUseBytes() const noexcept { return inUseBytes_; }
  std::size_t parkedBytes() const noexcept { return parkedBytes_; }
  std::size_t reservedBytes() const noexcept { return inUseBytes_ + parkedBytes_; }
  /// The most that was in use at one time.
  std::size_t highWaterBytes() const noexcept { return highWaterBytes_; }

 private:
  void use(std::size_t bytes) noexcept {
    inUseBytes_ += bytes;
    highWaterBytes_ = std::max(highWaterBytes_, inUseBytes_);
  }
  void unuse(std::size_t bytes) noexcept {
    assert(inUseBytes_ >= bytes);
    inUseBytes_ -= bytes;
  }

  std::size_t inUseBytes_ = 0;
  std::size_t parkedBytes_ = 0;
  std::size_t highWaterBytes_ = 0;
};

}  // namespace h3
