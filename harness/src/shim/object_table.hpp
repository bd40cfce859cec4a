// Kernel objects that are identified by numbers: children, watches, timers, segments.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once, before the functions below.
void prepareObjectTable() noexcept;

/// Counts a new object of that kind (layout::kResource...) at `caller` until it is forgotten. `number`
/// identifies it within its kind, in 56 bits. Threads: any; not from a signal handler that interrupts another
/// of these calls.
void noteObject(uint32_t kind, uint64_t number, uint64_t bytes, const CallerFrame& caller) noexcept;

/// The object is gone. Does nothing when it was not recorded.
void forgetObject(uint32_t kind, uint64_t number) noexcept;

/// Renumbers an object; its place stays. Forget a former object with the number `to` first.
void moveObject(uint32_t kind, uint64_t from, uint64_t to) noexcept;

/// Combines two numbers: a watch within its inotify instance.
constexpr uint64_t pairedNumber(int descriptor, int number) noexcept {
  return uint64_t{static_cast<uint32_t>(descriptor)} << 32 | static_cast<uint32_t>(number);
}

/// Hashes a name to a number.
uint64_t numberOfName(const char* name) noexcept;

}  // namespace leakgate::shim
