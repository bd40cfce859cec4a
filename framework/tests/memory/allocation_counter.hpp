#pragma once
#include <cstddef>

namespace h3::test {

/// How often this thread called operator new so far. Link allocation_counter.cpp, which replaces it.
std::size_t allocationCount() noexcept;

/// Allocations since its construction.
class AllocationCounter {
 public:
  std::size_t count() const noexcept { return allocationCount() - before_; }

 private:
  std::size_t before_ = allocationCount();
};

}  // namespace h3::test
