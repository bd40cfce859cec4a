// Bytes on their way to a client, gathered so that one write carries many responses.
#pragma once

#include <cstddef>
#include <cstring>
#include <string_view>

#include "memory/buffer_shelf.hpp"

namespace h3::protocol {

/// A growing byte queue in a pooled buffer: appended at the end, sent from the front.
///
/// Owns a buffer only while it holds bytes; growing beyond the shelf's moves to the pool's next size class.
/// Threads: one owner. Errors: append() throws std::bad_alloc beyond the pool's largest class.
class OutputBuffer {
 public:
  explicit OutputBuffer(BufferShelf& shelf) : shelf_(&shelf) {}
  ~OutputBuffer() { clear(); }
  OutputBuffer(const OutputBuffer&) = delete;
  OutputBuffer& operator=(const OutputBuffer&) = delete;

  void append(std::string_view bytes) {
    std::memcpy(reserve(bytes.size()), bytes.data(), bytes.size());
    size_ += bytes.size();
  }

  /// Room for `bytes` more; write there, then commit(). Valid until the next call.
  char* reserve(std::size_t bytes) {
    if (size_ + bytes > buffer_.capacity) [[unlikely]]
      grow(size_ + bytes);
    return buffer_.data + size_;
  }
  void commit(std::size_t bytes) { size_ += bytes; }

  std::string_view unsent() const { return {buffer_.data + sent_, size_ - sent_}; }
  bool empty() const { return size_ == sent_; }
  /// Holds a buffer larger than the shelf's.
  bool outgrown() const { return buffer_.capacity > BufferShelf::kBytes; }

  /// Whether append() needs no larger buffer than the shelf's, or the one that it has.
  bool fits(std::size_t bytes) const {
    return size_ + bytes <= (buffer_.capacity > BufferShelf::kBytes ? buffer_.capacity : BufferShelf::kBytes);
  }

  /// Memory that it holds.
  std::size_t capacity() const { return buffer_.capacity; }

  /// `bytes` of unsent() have been taken by the kernel.
  void consume(std::size_t bytes) {
    sent_ += bytes;
    if (empty()) clear();
  }

  /// Puts bytes before the unsent ones: they were consumed, but have not been sent after all.
  void prepend(std::string_view bytes) {
    const std::size_t unsentBytes = size_ - sent_;
    reserve(bytes.size());
    std::memmove(buffer_.data + bytes.size(), buffer_.data + sent_, unsentBytes);
    std::memcpy(buffer_.data, bytes.data(), bytes.size());
    sent_ = 0;
    size_ = bytes.size() + unsentBytes;
  }

  /// Drops everything and gives the buffer back.
  void clear() {
    if (buffer_.data != nullptr) shelf_->release(buffer_);
    buffer_ = Buffer{};
    size_ = sent_ = 0;
  }

 private:
  void grow(std::size_t needed) {
    if (buffer_.data == nullptr && needed <= BufferShelf::kBytes) {
      buffer_ = shelf_->acquire();
    } else {
      growBeyondShelf(needed);
    }
  }
  [[gnu::noinline]] void growBeyondShelf(std::size_t needed) {
    const Buffer larger = shelf_->pool().acquire(needed);
    if (size_ > sent_) std::memcpy(larger.data, buffer_.data + sent_, size_ - sent_);
    if (buffer_.data != nullptr) shelf_->release(buffer_);
    buffer_ = larger;
    size_ -= sent_;
    sent_ = 0;
  }

  BufferShelf* shelf_;
  Buffer buffer_{};
  std::size_t size_ = 0;
  std::size_t sent_ = 0;
};

}  // namespace h3::protocol
