// Records where locks on files, or on parts of files, were taken.
#pragma once

#include <stdint.h>

#include "shim/unwind/caller_frame.hpp"

namespace leakgate::shim {

/// Once per program.
void prepareFileLocks() noexcept;

/// As in struct flock. flock() locks no range but the whole file.
struct LockedRange {
  uint64_t start;
  uint64_t length;  ///< 0: to the end of the file

  bool isWholeFile() const noexcept { return start == 0 && length == 0; }
};
inline constexpr LockedRange kByFlock{~uint64_t{0}, ~uint64_t{0}};

/// A lock taken through this descriptor counts until the same range, or the whole file, is unlocked, or the
/// descriptor is closed. The kernel may join and split ranges: its count is decisive, this one only adds the
/// place. None of these changes errno. Threads: any. Descriptors from 1,048,576 on are not followed.
void noteLock(int descriptor, const LockedRange& range, const CallerFrame& caller) noexcept;
void forgetLock(int descriptor, const LockedRange& range) noexcept;

/// Call before these descriptors are closed; `last` included. Cheap when they hold no lock.
void forgetLocksOf(uint32_t first, uint32_t last) noexcept;

}  // namespace leakgate::shim
