// What the fuzz targets share: their input, and checks that end the process.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// Ends the process when a property does not hold; libFuzzer then keeps the input.
#define FUZZ_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : h3::test::failProperty(#condition, __FILE__, __LINE__))

namespace h3::test {

[[noreturn]] inline void failProperty(const char* property, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, property);
  std::abort();
}

/// The bytes of one run: choices first, then the text that is parsed.
///
/// Lifetime: a view into the fuzzer's input.
class FuzzInput {
 public:
  FuzzInput(const std::uint8_t* data, std::size_t size)
      : rest_(size == 0 ? std::string_view() : std::string_view(reinterpret_cast<const char*>(data), size)) {}

  /// 0 when there is none left.
  std::size_t takeByte() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::uint64_t takeNumber() {
    std::uint64_t number = 0;
    for (int i = 0; i < 8; ++i) number = number << 8 | takeByte();
    return number;
  }
  /// Up to the next LF, which is removed too.
  std::string_view takeLine() {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return line;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Whether `part` lies in `whole`; an empty one may lie anywhere.
inline bool liesIn(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

/// Whether `text` can stand in a field of a request as it is.
inline bool isFieldValue(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return c == '\t' || (byte >= 0x20 && byte != 0x7F);
  });
}

/// Calls `visit` with pieces of `text` of 1 + (a byte of `sizes`) bytes, whose bytes are used in turn.
template <class Visit>
void forEachPiece(std::string_view text, std::uint64_t sizes, Visit&& visit) {
  for (unsigned turn = 0; !text.empty(); turn = (turn + 1) % 8) {
    const std::size_t size = std::min<std::size_t>(text.size(), 1 + (sizes >> (8 * turn) & 0xFF));
    visit(text.substr(0, size));
    text.remove_prefix(size);
  }
}

}  // namespace h3::test
