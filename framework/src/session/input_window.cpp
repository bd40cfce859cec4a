#include "session/input_window.hpp"

#include <algorithm>
#include <cstring>

namespace h3::session {

void InputWindow::moveToFront() {
  std::memmove(buffer_.data, buffer_.data + begin_, size());
  end_ -= begin_;
  begin_ = 0;
}

void InputWindow::reserve(std::size_t bytes) {
  moveToFront();
  if (bytes <= roomyBytes()) return;
  const Buffer larger = shelf_->pool().acquire(bytes + bytes / 2);
  std::memcpy(larger.data, buffer_.data, end_);
  shelf_->release(buffer_);
  buffer_ = larger;
}

void InputWindow::grow(std::size_t expectedBytes) {
  if (end_ < roomyBytes()) return;
  const std::size_t capacity = nextCapacity(expectedBytes);
  if (capacity == buffer_.capacity) return;
  const Buffer larger = shelf_->pool().acquire(capacity);
  std::memcpy(larger.data, buffer_.data, end_);
  shelf_->release(buffer_);
  buffer_ = larger;
}

// The same capacity when the rest of the message fits.
std::size_t InputWindow::nextCapacity(std::size_t expectedBytes) const {
  if (end_ < expectedBytes && expectedBytes <= buffer_.capacity) return buffer_.capacity;
  const std::size_t trusted = buffer_.capacity < kTrustLengthAfterBytes ? 0 : expectedBytes;
  return std::max(std::size_t{buffer_.capacity} * 2, trusted);
}

}  // namespace h3::session
