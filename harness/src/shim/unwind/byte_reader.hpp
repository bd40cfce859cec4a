// Reads the encodings of .eh_frame from front to back.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

namespace leakgate::shim {

/// Borrows its bytes. A read beyond the end returns 0 and leaves the reader failed and at its end, so that a
/// loop over damaged data ends.
class ByteReader {
 public:
  ByteReader() = default;
  ByteReader(const uint8_t* from, const uint8_t* end) noexcept : at_(from), end_(end) {}

  bool atEnd() const noexcept { return at_ >= end_; }
  bool failed() const noexcept { return failed_; }
  const uint8_t* at() const noexcept { return at_; }
  size_t left() const noexcept { return static_cast<size_t>(end_ - at_); }

  template <typename Number>
  Number fixed() noexcept {
    Number number{};
    if (!has(sizeof number)) return number;
    memcpy(&number, at_, sizeof number);
    at_ += sizeof number;
    return number;
  }

  uint64_t uleb() noexcept {
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = fixed<uint8_t>();
      if (shift < 64) number |= uint64_t{byte & 0x7fu} << shift;
      if ((byte & 0x80) == 0) return number;
    }
  }

  int64_t sleb() noexcept {
    uint64_t number = 0;
    for (unsigned shift = 0;;) {
      const auto byte = fixed<uint8_t>();
      if (shift < 64) number |= uint64_t{byte & 0x7fu} << shift;
      shift += 7;
      if ((byte & 0x80) != 0) continue;
      if ((byte & 0x40) != 0 && shift < 64) number |= ~uint64_t{0} << shift;
      return static_cast<int64_t>(number);
    }
  }

  /// The next bytes, as a reader of their own.
  ByteReader take(uint64_t bytes) noexcept {
    if (!has(bytes)) return {at_, at_};
    const uint8_t* from = at_;
    at_ += bytes;
    return {from, at_};
  }

 private:
  bool has(uint64_t bytes) noexcept {
    if (bytes <= left()) return true;
    failed_ = true;
    at_ = end_;
    return false;
  }

  const uint8_t* at_ = nullptr;
  const uint8_t* end_ = nullptr;
  bool failed_ = false;
};

}  // namespace leakgate::shim
