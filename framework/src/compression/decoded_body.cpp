#include "compression/decoded_body.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace h3::compression {

DecodedBody::DecodedBody(BufferPool& pool, std::size_t limitBytes, std::size_t expectedBytes)
    : pool_(pool), buffer_(pool.acquire(std::min(limitBytes, expectedBytes))), limitBytes_(limitBytes) {}

// One byte beyond the limit shows that the body is too large.
std::span<char> DecodedBody::room() {
  if (bytes_ == buffer_.capacity) grow(std::min(limitBytes_ + 1, 2 * bytes_));
  const std::size_t end = std::min<std::size_t>(buffer_.capacity, limitBytes_ + 1);
  return {buffer_.data + bytes_, end - bytes_};
}

void DecodedBody::putBehind(std::string_view text) {
  if (bytes_ + text.size() > buffer_.capacity) grow(bytes_ + text.size());
  text.copy(buffer_.data + bytes_, text.size());
}

Buffer DecodedBody::take() { return std::exchange(buffer_, Buffer{}); }

void DecodedBody::grow(std::size_t capacity) {
  const Buffer larger = pool_.acquire(capacity);
  std::memcpy(larger.data, buffer_.data, bytes_);
  pool_.release(std::exchange(buffer_, larger));
}

}  // namespace h3::compression
