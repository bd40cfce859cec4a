// How much memory the process uses, by its allocator and by the kernel.
#pragma once

#include <cstdint>

namespace h3 {

/// Live bytes of the heap as reported by the process's allocator:
///
///     glibc (mallinfo2)        the whole process, with what its per-thread caches hold
///     a sanitizer's allocator  the whole process, exact
///     mimalloc                 each thread must ask for its own heap: blocks in use times their size class;
///                              what threads that are no workers have allocated is not seen
///
/// The first is 0 unless each thread has a heap; it costs some 10 ns per 64 KiB of it. The second is 0 if
/// each thread has one, or if the value is unknown. Allocates: at most in the first call. Threads: any.
std::uint64_t heapLiveBytesOfThread();
std::uint64_t heapLiveBytesOfProcess();

/// The resident set, from /proc/self/statm, which stays open, so that reading it does not change the number
/// of descriptors. Threads: one owner.
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
