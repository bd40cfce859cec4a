// How much memory the process uses: what its allocator says, and what the kernel says.
#pragma once

#include <cstdint>

namespace h3 {

/// Live bytes of the heap as its allocator tells, whichever one the process runs on:
///
///     glibc (mallinfo2)        the whole process, with what its per-thread caches hold
///     a sanitizer's allocator  the whole process, exact
///     mimalloc                 each thread must ask for its own heap: blocks in use times their size class;
///                              what threads that are no workers have allocated is not seen
///
/// The first is 0 unless there is a heap per thread; it costs some 10 ns per 64 KiB of it. The second is 0
/// when there is, or nothing is known. Allocates: at most in the first call. Threads: any.
std::uint64_t heapLiveBytesOfThread();
std::uint64_t heapLiveBytesOfProcess();

/// The resident set, from /proc/self/statm, which is held open: reading it must not disturb anybody who
/// counts descriptors. Threads: one owner.
class ResidentMeter {
 public:
  ResidentMeter();
  ~ResidentMeter();
  ResidentMeter(const ResidentMeter&) = delete;
  ResidentMeter& operator=(const ResidentMeter&) = delete;

  std::uint64_t bytes() const;  ///< 0: unknown

 private:
  int file_;
};

}  // namespace h3
