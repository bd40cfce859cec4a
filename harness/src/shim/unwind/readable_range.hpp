// Prevents a walk from reading unmapped memory when a program's unwind rows are wrong.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// The part of the stack in use that is known to be readable. Asks the kernel about each page once, so a
/// thread on one stack asks only a few times. Threads: one owner.
class ReadableRange {
 public:
  /// address: of an aligned word.
  bool holds(uint64_t address) noexcept {
    return __builtin_expect(address - start_ < end_ - start_, 1) || extend(address);
  }

 private:
  [[gnu::cold]] bool extend(uint64_t address) noexcept;

  uint64_t start_ = 0;
  uint64_t end_ = 0;
};

}  // namespace leakgate::shim
