// The most recently used buffers, quickly available.
#pragma once

#include <array>
#include <cstddef>

#include "h3http/detail/buffer_pool.hpp"

namespace h3 {

/// Lends the same few buffers again and again, and uses the pool only beyond those.
///
/// A connection takes a buffer when bytes arrive and returns it after the response: updating the pool's
/// counts each time was a tenth of the cost of a request. The pool counts the buffers on the shelf as in use;
/// clear() at quiet moments corrects that. Threads: one owner.
class BufferShelf {
 public:
  static constexpr std::size_t kBytes = 16 * 1024;
  static constexpr std::size_t kMaxBuffers = 32;  ///< as many as a worker serves at a time

  explicit BufferShelf(BufferPool& pool) : pool_(pool) {}
  ~BufferShelf() { clear(); }
  BufferShelf(const BufferShelf&) = delete;
  BufferShelf& operator=(const BufferShelf&) = delete;

  /// At least kBytes. Errors: std::bad_alloc.
  Buffer acquire() { return count_ != 0 ? Buffer{kept_[--count_], kBytes} : acquireFromPool(); }

  /// Any buffer of the pool.
  void release(Buffer buffer) noexcept {
    if (count_ != kMaxBuffers && buffer.capacity == kBytes) {
      kept_[count_++] = buffer.data;
    } else {
      releaseToPool(buffer);
    }
  }

  BufferPool& pool() { return pool_; }
  void clear() noexcept {
    while (count_ != 0) pool_.release({kept_[--count_], kBytes});
  }

 private:
  // Not inlined: the request path is full of the others.
  [[gnu::noinline]] Buffer acquireFromPool() { return pool_.acquire(kBytes); }
  [[gnu::noinline]] void releaseToPool(Buffer buffer) noexcept { pool_.release(buffer); }

  BufferPool& pool_;
  std::size_t count_ = 0;
  std::array<char*, kMaxBuffers> kept_;
};

}  // namespace h3
