#include "static_files/file_body.hpp"

#include <algorithm>
#include <exception>
#include <span>

#include "app/failure_log.hpp"

namespace h3 {

BodySource::Piece FileBody::next() {
  if (slice_.data == nullptr) slice_ = pool_.acquire(kSliceBytes);
  const std::span<char> slice(slice_.data, std::min<std::uint64_t>(kSliceBytes, remainingBytes()));
  try {
    readFileAt(file_, position_, slice);
  } catch (const std::exception& failure) {
    logFailure(event_, "a static file cannot be sent", failure.what());
    return {};
  }
  position_ += slice.size();
  return {remainingBytes() == 0 ? Outcome::last : Outcome::more, {slice.data(), slice.size()}};
}

}  // namespace h3
