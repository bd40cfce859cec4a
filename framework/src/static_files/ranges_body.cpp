#include "static_files/ranges_body.hpp"

#include <algorithm>
#include <exception>

#include "app/failure_log.hpp"
#include "static_files/file_body.hpp"

namespace h3 {

RangesBody::RangesBody(FileDescriptor file, std::span<const RangePart> parts, BufferPool& pool,
                       const Event* event)
    : file_(std::move(file)), parts_(parts), pool_(pool), event_(event) {
  for (const RangePart& part : parts) remainingBytes_ += part.text.size() + part.bytes;
}

BodySource::Piece RangesBody::next() {
  if (slice_.data == nullptr) slice_ = pool_.acquire(FileBody::kSliceBytes);
  std::span<char> room(slice_.data, FileBody::kSliceBytes);
  try {
    while (!room.empty() && !parts_.empty()) room = room.subspan(fill(room));
  } catch (const std::exception& failure) {
    logFailure(event_, "parts of a static file cannot be sent", failure.what());
    return {};
  }
  const std::size_t bytes = FileBody::kSliceBytes - room.size();
  remainingBytes_ -= bytes;
  return {parts_.empty() ? Outcome::last : Outcome::more, {slice_.data, bytes}};
}

// Copies from the first part, which is dropped at its end.
std::size_t RangesBody::fill(std::span<char> room) {
  const RangePart& part = parts_.front();
  std::size_t bytes = 0;
  if (done_ < part.text.size()) {
    bytes = part.text.copy(room.data(), room.size(), done_);
  } else {
    const std::uint64_t read = done_ - part.text.size();
    bytes = static_cast<std::size_t>(std::min<std::uint64_t>(room.size(), part.bytes - read));
    readFileAt(file_, part.first + read, room.first(bytes));
  }
  done_ += bytes;
  if (done_ == part.text.size() + part.bytes) {
    parts_ = parts_.subspan(1);
    done_ = 0;
  }
  return bytes;
}

}  // namespace h3
