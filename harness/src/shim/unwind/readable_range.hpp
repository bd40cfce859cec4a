// Keeps a walk from reading where there is no memory, should a program's unwind rows be wrong.
#pragma once

#include <stdint.h>

namespace leakgate::shim {

/// The part of the stack in use that is known to be readable. Asks the kernel about a page the first time
/// only, so a thread on one stack asks a few times in its life. Threads: one owner.
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
