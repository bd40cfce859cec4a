// Text without the heap: paths, numbers and the first bytes of small files.
#pragma once

#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

namespace leakgate::shim {

/// A path of at most 511 bytes. A longer one is cut, and the failure of open() then names it.
class PathText {
 public:
  PathText& append(const char* text, size_t most = sizeof text_) noexcept {
    for (; most > 0 && *text != '\0' && length_ + 1 < sizeof text_; ++text, --most) text_[length_++] = *text;
    text_[length_] = '\0';
    return *this;
  }
  PathText& append(uint64_t number) noexcept {
    char digits[21];
    char* first = digits + sizeof digits;
    *--first = '\0';
    do *--first = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    return append(first);
  }
  const char* text() const noexcept { return text_; }

 private:
  char text_[512] = {};
  size_t length_ = 0;
};

/// Decimal digits from the start of the text; 0 when there are none.
inline uint64_t parseNumber(const char* text) noexcept {
  uint64_t number = 0;
  for (; *text >= '0' && *text <= '9'; ++text) number = number * 10 + static_cast<uint64_t>(*text - '0');
  return number;
}

/// Reads up to `capacity` bytes of a file and returns how many; 0 when it cannot be read.
inline size_t readStart(const char* path, char* into, size_t capacity) noexcept {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  size_t length = 0;
  while (length < capacity) {
    const ssize_t got = read(file, into + length, capacity - length);
    if (got <= 0) break;
    length += static_cast<size_t>(got);
  }
  close(file);
  return length;
}

}  // namespace leakgate::shim
