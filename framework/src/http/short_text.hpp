#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace h3 {

namespace detail {

template <class Word>
Word loadWord(const char* p) noexcept {
  Word word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

template <std::size_t N>
struct Words {
  std::uint64_t words[N];
};

// First and last word, overlapping: `size` is at least one word and at most two.
template <class Word>
void copyEnds(char* to, const char* from, std::size_t size) noexcept {
  const Word first = loadWord<Word>(from);
  const Word last = loadWord<Word>(from + size - sizeof(Word));
  std::memcpy(to, &first, sizeof first);
  std::memcpy(to + size - sizeof last, &last, sizeof last);
}

template <class Word>
bool equalEnds(const char* a, const char* b, std::size_t size) noexcept {
  const std::size_t last = size - sizeof(Word);
  return ((loadWord<Word>(a) ^ loadWord<Word>(b)) | (loadWord<Word>(a + last) ^ loadWord<Word>(b + last))) ==
         0;
}

}  // namespace detail

/// As memcpy; without a call for up to 64 bytes, enough for most paths, types, small bodies and the start of
/// a response. Returns the end of the copy.
inline char* copyText(char* to, std::string_view text) noexcept {
  const char* const from = text.data();
  const std::size_t size = text.size();
  if (size <= 16) {
    if (size >= 8) {
      detail::copyEnds<std::uint64_t>(to, from, size);
    } else if (size >= 4) {
      detail::copyEnds<std::uint32_t>(to, from, size);
    } else {
      for (std::size_t i = 0; i < size; ++i) to[i] = from[i];
    }
  } else if (size > 64) {
    std::memcpy(to, from, size);
  } else if (size > 32) {
    detail::copyEnds<detail::Words<4>>(to, from, size);
  } else {
    detail::copyEnds<detail::Words<2>>(to, from, size);
  }
  return to + size;
}

/// Whether `size` bytes are the same in both; without a call for up to 32.
inline bool equalTexts(const char* a, const char* b, std::size_t size) noexcept {
  if (size > 16) {
    if (size > 32) return std::memcmp(a, b, size) == 0;
    return detail::equalEnds<std::uint64_t>(a, b, 16) &&
           detail::equalEnds<std::uint64_t>(a + size - 16, b + size - 16, 16);
  }
  if (size >= 8) return detail::equalEnds<std::uint64_t>(a, b, size);
  if (size >= 4) return detail::equalEnds<std::uint32_t>(a, b, size);
  for (std::size_t i = 0; i < size; ++i)
    if (a[i] != b[i]) return false;
  return true;
}

}  // namespace h3
