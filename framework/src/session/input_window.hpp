// Received bytes that the session has not consumed.
#pragma once

#include <cstddef>
#include <span>

#include "memory/buffer_shelf.hpp"

namespace h3::session {

/// A contiguous window of received bytes in a pooled buffer.
///
///     buffer:  | consumed | unread: data(), size() | room() |
///              0          begin_                   end_     capacity
///
/// Owns a buffer only from hasRoom() to release(). Views into data() stay valid until release(), but for
/// moveToFront() and grow(), which move the bytes.
///
/// Lifetime: `shelf` must outlive it.
/// Threads: one owner.
/// Errors: hasRoom() and grow() throw std::bad_alloc, and change nothing then.
class InputWindow {
 public:
  /// Allocate the announced length at once after this much: until then the buffer doubles.
  static constexpr std::size_t kTrustLengthAfterBytes = 256 * 1024;

  explicit InputWindow(BufferShelf& shelf) : shelf_(&shelf) {}
  ~InputWindow() { release(); }
  InputWindow(const InputWindow&) = delete;
  InputWindow& operator=(const InputWindow&) = delete;

  bool empty() const { return begin_ == end_; }
  char* data() const { return buffer_.data + begin_; }
  std::size_t size() const { return end_ - begin_; }

  /// Where the next bytes go; then add().
  std::span<char> room() const { return {buffer_.data + end_, buffer_.capacity - end_}; }
  bool full() const { return end_ == buffer_.capacity; }
  void add(std::size_t bytes) { end_ += bytes; }
  /// Drops the first `bytes` of data().
  void consume(std::size_t bytes) { begin_ += bytes; }
  /// Drops all bytes.
  void clear() { begin_ = end_ = 0; }
  /// Uses the whole buffer again once all bytes are consumed.
  void rewindIfEmpty() {
    if (empty()) clear();
  }

  /// Returns whether more than a quarter of the buffer is free for a receive, and acquires a buffer if there
  /// is none. If not: moveToFront(), then grow().
  bool hasRoom() {
    if (buffer_.data != nullptr) return end_ < roomyBytes();
    buffer_ = shelf_->acquire();
    return true;
  }
  /// Drops the consumed bytes.
  void moveToFront();
  /// Keeps the first `size` bytes of data().
  void shrinkTo(std::size_t size) { end_ = begin_ + size; }
  /// Moves to a larger buffer, unless enough is free or the rest of a message of `expectedBytes` (0: unknown)
  /// fits. After moveToFront().
  void grow(std::size_t expectedBytes);

  /// Makes hasRoom() true as long as data() has less than `bytes`, so that these bytes stay where they are. Drops the
  /// consumed ones.
  void reserve(std::size_t bytes);

  /// Memory that it holds.
  std::size_t capacity() const { return buffer_.capacity; }
  /// Returns the buffer to the shelf; drops its bytes.
  void release() {
    if (buffer_.data != nullptr) shelf_->release(buffer_);
    buffer_ = Buffer{};
    clear();
  }

 private:
  std::size_t roomyBytes() const { return buffer_.capacity - buffer_.capacity / 4; }
  std::size_t nextCapacity(std::size_t expectedBytes) const;

  BufferShelf* shelf_;
  Buffer buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace h3::session
