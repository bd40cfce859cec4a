// Who holds a lock on a file, or on a part of one.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once per program.
void prepareFileLocks() noexcept;

/// As struct flock says it. What flock() locks is no range.
struct LockedRange {
  uint64_t start;
  uint64_t length;  ///< 0: to the end of the file

  bool isWholeFile() const noexcept { return start == 0 && length == 0; }
};
inline constexpr LockedRange kByFlock{~uint64_t{0}, ~uint64_t{0}};

/// A lock that was got through this descriptor counts until the same range, or the whole file, is unlocked,
/// or the descriptor is closed. The kernel may join and cut ranges: its own count decides, this one says
/// where. All leave errno alone. Threads: any. Descriptors from 1,048,576 on are not followed.
void noteLock(int descriptor, const LockedRange& range, const CallerFrame& caller) noexcept;
void forgetLock(int descriptor, const LockedRange& range) noexcept;

/// Before these descriptors are closed; `last` included. Cheap where they hold none.
void forgetLocksOf(uint32_t first, uint32_t last) noexcept;

}  // namespace leakgate::shim
