// Several parts of a file as the body of a response: multipart/byteranges (RFC 9110 14.6).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>

#include "app/body_source.hpp"
#include "h3http/detail/buffer_pool.hpp"
#include "static_files/beneath_root.hpp"

namespace h3 {

class Event;

/// Text, then `bytes` of the file from `first` on.
///
///     | --boundary, fields | bytes of the file | --boundary, fields | bytes | --boundary-- |
///       text                                     text                         text, no bytes
struct RangePart {
  std::string_view text;
  std::uint64_t first = 0;
  std::uint64_t bytes = 0;
};

/// Reads parts of a file slice by slice, as FileBody does one.
///
/// Lifetime: `parts`, with their texts, and `pool` must outlive it. Blocks: on the disk.
class RangesBody final : public BodySource {
 public:
  /// No part is without text. The file must have been that long. `event`: its own, for the log; must outlive it.
  RangesBody(FileDescriptor file, std::span<const RangePart> parts, BufferPool& pool,
             const Event* event = nullptr);
  ~RangesBody() override { pool_.release(slice_); }
  RangesBody(const RangesBody&) = delete;
  RangesBody& operator=(const RangesBody&) = delete;

  Piece next() override;
  std::uint64_t remainingBytes() const noexcept override { return remainingBytes_; }
  std::size_t heldBytes() const noexcept override { return slice_.capacity; }

 private:
  std::size_t fill(std::span<char> room);

  FileDescriptor file_;
  std::span<const RangePart> parts_;
  BufferPool& pool_;
  const Event* event_;
  Buffer slice_{};
  std::uint64_t remainingBytes_ = 0;
  std::uint64_t done_ = 0;  ///< of the first part, its text included
};

}  // namespace h3
