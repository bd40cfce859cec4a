// A body while it is decoded: a buffer that grows up to a limit.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "h3http/detail/buffer_pool.hpp"

namespace h3::compression {

enum class DecodeOutcome : unsigned char { done, tooLarge, malformed, noMemory };

/// Lifetime: `pool` must outlive it. Threads: one owner. Errors: std::bad_alloc.
class DecodedBody {
 public:
  /// `expectedBytes`: to begin with.
  DecodedBody(BufferPool& pool, std::size_t limitBytes, std::size_t expectedBytes);
  ~DecodedBody() { pool_.release(buffer_); }
  DecodedBody(const DecodedBody&) = delete;
  DecodedBody& operator=(const DecodedBody&) = delete;

  /// Where to put the next bytes; never empty while isTooLarge() is false. May move what is there.
  std::span<char> room();
  /// The first `bytes` of the room are written.
  void commit(std::size_t bytes) { bytes_ += bytes; }
  bool isTooLarge() const { return bytes_ > limitBytes_; }
  std::size_t bytes() const { return bytes_; }

  /// Puts the text behind the body, without making it a part of it. Then commit() nothing more.
  void putBehind(std::string_view text);
  /// Gives the buffer away.
  Buffer take();

 private:
  void grow(std::size_t capacity);

  BufferPool& pool_;
  Buffer buffer_;
  std::size_t limitBytes_;
  std::size_t bytes_ = 0;
};

}  // namespace h3::compression
