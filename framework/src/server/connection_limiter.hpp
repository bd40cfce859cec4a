// Counts open connections, in total and per client address; shared by the workers.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string_view>
#include <vector>

namespace h3::server {

/// Bounds connections over all threads.
///
/// The address table is made only when the cap per address is below the total one; it has twice as many slots
/// as connections are allowed, so it cannot fill up. Threads: any. Locked at accept and close only, never on
/// the request path.
class ConnectionLimiter {
 public:
  ConnectionLimiter(std::size_t connections, std::size_t perAddress);

  /// Counts one more connection of this address; false when a cap is reached.
  bool acquire(std::string_view address);
  /// The counterpart of a successful acquire().
  void release(std::string_view address);
  /// The same in two steps, for a connection whose client is not known yet: counts it in total only.
  bool acquireUnnamed();
  /// Counts it for this address too; false when the address has its cap: then releaseUnnamed(). Later release().
  bool name(std::string_view address);
  void releaseUnnamed() { open_.fetch_sub(1, std::memory_order_relaxed); }
  std::size_t open() const { return open_.load(std::memory_order_relaxed); }

 private:
  struct Slot {
    std::uint64_t key = 0;  // hash of the address, 0 is empty
    std::size_t count = 0;
  };
  Slot& slotOf(std::uint64_t key);
  void erase(std::size_t index);
  bool limitsAddresses() const { return !slots_.empty(); }

  const std::size_t maxOpen_;
  const std::size_t maxPerAddress_;
  std::atomic<std::size_t> open_{0};
  std::mutex mutex_;
  std::vector<Slot> slots_;  // open addressing, a power of two
};

}  // namespace h3::server
