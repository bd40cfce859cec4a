// Objects that the kernel keeps for the process under numbers of its own: children, watches, timers,
// segments.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once, before the functions below.
void prepareObjectTable() noexcept;

/// An object of that kind (layout::kResource...) exists from now on: counts it at `caller` until it is
/// forgotten. `number` identifies it among its kind, in 56 bits. Threads: any; not from a signal handler that
/// interrupts another call to these.
void noteObject(uint32_t kind, uint64_t number, uint64_t bytes, const CallerFrame& caller) noexcept;

/// It is gone. Nothing happens when it was not noted.
void forgetObject(uint32_t kind, uint64_t number) noexcept;

/// `to` is what `from` was, at the same place. What had `to` before is to be forgotten first.
void moveObject(uint32_t kind, uint64_t from, uint64_t to) noexcept;

/// Two numbers in one: a watch within its inotify instance.
constexpr uint64_t pairedNumber(int descriptor, int number) noexcept {
  return uint64_t{static_cast<uint32_t>(descriptor)} << 32 | static_cast<uint32_t>(number);
}

/// A name as a number.
uint64_t numberOfName(const char* name) noexcept;

}  // namespace leakgate::shim
