// A part of a file as the body of a response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "app/body_source.hpp"
#include "h3http/detail/buffer_pool.hpp"
#include "static_files/beneath_root.hpp"

namespace h3 {

class Event;

/// Reads a file slice by slice.
///
/// Holds the descriptor and, from the first slice on, one buffer of kSliceBytes. A file that becomes shorter
/// meanwhile, or cannot be read, is logged and ends with Outcome::failed.
///
/// Blocks: on the disk, for files outside of the page cache. Lifetime: `pool` must outlive it.
class FileBody final : public BodySource {
 public:
  static constexpr std::size_t kSliceBytes = 64 * 1024;

  /// The file must have been that long: `first` + `bytes`. `event`: its own, for the log; must outlive it.
  FileBody(FileDescriptor file, std::uint64_t first, std::uint64_t bytes, BufferPool& pool,
           const Event* event = nullptr)
      : file_(std::move(file)), position_(first), end_(first + bytes), pool_(pool), event_(event) {}
  ~FileBody() override { pool_.release(slice_); }
  FileBody(const FileBody&) = delete;
  FileBody& operator=(const FileBody&) = delete;

  Piece next() override;
  std::uint64_t remainingBytes() const noexcept override { return end_ - position_; }
  std::size_t heldBytes() const noexcept override { return slice_.capacity; }

 private:
  FileDescriptor file_;
  std::uint64_t position_;
  std::uint64_t end_;
  BufferPool& pool_;
  const Event* event_;
  Buffer slice_{};
};

}  // namespace h3
