// The buffer that was in use a moment ago, within reach.
#pragma once

#include <cstddef>
#include <utility>

#include "h3http/buffer_pool.hpp"

namespace h3 {

/// Lends one buffer again and again, and asks the pool only for more than that.
///
/// In lock-step a connection takes a buffer when bytes arrive and gives it back when they are answered: with
/// the pool's books kept each time, that was a tenth of the cost of a request. The pool counts the buffer on
/// the shelf as in use; clear() at quiet moments puts that right. Threads: one owner.
class BufferShelf {
 public:
  static constexpr std::size_t kBytes = 16 * 1024;

  explicit BufferShelf(BufferPool& pool) : pool_(pool) {}
  ~BufferShelf() { clear(); }
  BufferShelf(const BufferShelf&) = delete;
  BufferShelf& operator=(const BufferShelf&) = delete;

  /// At least kBytes. Errors: std::bad_alloc.
  Buffer acquire() { return kept_.data != nullptr ? std::exchange(kept_, Buffer{}) : acquireFromPool(); }

  /// Any buffer of the pool.
  void release(Buffer buffer) noexcept {
    if (kept_.data == nullptr && buffer.capacity == kBytes) {
      kept_ = buffer;
    } else {
      releaseToPool(buffer);
    }
  }

  BufferPool& pool() { return pool_; }
  void clear() noexcept { pool_.release(std::exchange(kept_, Buffer{})); }

 private:
  // Not inlined: the request path is full of the others.
  [[gnu::noinline]] Buffer acquireFromPool() { return pool_.acquire(kBytes); }
  [[gnu::noinline]] void releaseToPool(Buffer buffer) noexcept { pool_.release(buffer); }

  BufferPool& pool_;
  Buffer kept_{};
};

}  // namespace h3
