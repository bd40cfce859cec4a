#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace h3 {

/// Whether `c` is a control byte: below 0x20, tab too, or 0x7F.
constexpr bool isControlByte(char c) noexcept { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }

/// Where the first control byte of `text` at or behind `from` is; text.size() when there is none.
///
/// Each byte of a head and of a response field passes here, so 16 are checked together if the processor can:
/// about a tenth of the instructions of a loop over bytes.
inline std::size_t findControlByte(std::string_view text, std::size_t from = 0) noexcept {
  std::size_t at = from;
#if defined(__SSE2__)
  const auto controlsIn = [&text](std::size_t position) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + position));
    const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    const __m128i del = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7F));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_or_si128(low, del)));
  };
  for (; at + 16 <= text.size(); at += 16) {
    if (const std::uint32_t controls = controlsIn(at); controls != 0)
      return at + static_cast<std::size_t>(std::countr_zero(controls));
  }
  if (text.size() >= 16 && at < text.size()) {  // the last 16 again, without the bytes before `at`
    const std::size_t last = text.size() - 16;
    const std::uint32_t controls = controlsIn(last) >> (at - last);
    return controls == 0 ? text.size() : at + static_cast<std::size_t>(std::countr_zero(controls));
  }
#endif
  while (at < text.size() && !isControlByte(text[at])) ++at;
  return at;
}

/// Whether `text` has 8 to 16 bytes, as most media types do, and holds no control byte. Calls nothing.
inline bool isShortWithoutControlByte(std::string_view text) noexcept {
  if (text.size() < 8 || text.size() > 16) return false;
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighBits = kOnes * 0x80;
  // A byte's high bit is set when it is below 0x20 or 0x7F; the last but one term removes non-ASCII bytes. A
  // borrow can only come from one of these bytes, and never changes the lowest of them.
  const auto controlsIn = [](std::uint64_t word) {
    const std::uint64_t del = word ^ (kOnes * 0x7F);
    return ((word - kOnes * 0x20) | (del - kOnes)) & ~word & kHighBits;
  };
  std::uint64_t first;
  std::uint64_t last;
  std::memcpy(&first, text.data(), sizeof first);
  std::memcpy(&last, text.data() + text.size() - sizeof last, sizeof last);
  return (controlsIn(first) | controlsIn(last)) == 0;
}

/// Whether `text` holds a control byte, a tab included. Quick for the short texts that most field values are.
inline bool holdsControlByte(std::string_view text) noexcept {
  return !isShortWithoutControlByte(text) && findControlByte(text) != text.size();
}

}  // namespace h3
