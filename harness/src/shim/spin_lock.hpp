// A lock that is valid when its memory is zero, and that calls no hooked function.
#pragma once

#include <sched.h>
#include <stdint.h>

namespace leakgate::shim {

/// Held for a few instructions on rare paths only. Not recursive.
class SpinLock {
 public:
  void lock() noexcept {
    uint32_t free = 0;
    while (
        !__atomic_compare_exchange_n(&holder_, &free, ownMark(), true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
      while (__atomic_load_n(&holder_, __ATOMIC_RELAXED) != 0) sched_yield();
      free = 0;
    }
  }
  void unlock() noexcept { __atomic_store_n(&holder_, 0, __ATOMIC_RELEASE); }

  /// Whether the calling thread holds it. A signal handler would then wait forever.
  bool isOwn() const noexcept { return __atomic_load_n(&holder_, __ATOMIC_RELAXED) == ownMark(); }

 private:
  /// Identifies the calling thread; never 0. Its control block is larger than the bits that are lost here.
  static uint32_t ownMark() noexcept {
    return static_cast<uint32_t>(reinterpret_cast<uintptr_t>(__builtin_thread_pointer()) >> 6) | 1;
  }

  uint32_t holder_ = 0;
};

class SpinGuard {
 public:
  explicit SpinGuard(SpinLock& lock) noexcept : lock_(lock) { lock_.lock(); }
  ~SpinGuard() { lock_.unlock(); }
  SpinGuard(const SpinGuard&) = delete;
  SpinGuard& operator=(const SpinGuard&) = delete;

 private:
  SpinLock& lock_;
};

}  // namespace leakgate::shim
