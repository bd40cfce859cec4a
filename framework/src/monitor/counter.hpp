// A number that one thread writes and any thread may read.
#pragma once

#include <atomic>
#include <cstdint>

namespace h3 {

/// A number with one writer and any readers: no read-modify-write, no lock.
///
/// All bytes zero is a counter at 0, so large tables can use zeroed memory from the system, and cost memory
/// only where something was counted.
class Counter {
 public:
  void add(std::uint64_t amount) { set(read() + amount); }
  void set(std::uint64_t value) { cell().store(value, std::memory_order_relaxed); }
  std::uint64_t read() const { return cell().load(std::memory_order_relaxed); }

 private:
  using Cell = std::atomic_ref<std::uint64_t>;
  static_assert(Cell::is_always_lock_free);

  Cell cell() const { return Cell(value_); }

  alignas(Cell::required_alignment) mutable std::uint64_t value_ = 0;
};

}  // namespace h3
