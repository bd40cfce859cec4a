#include "http/percent.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

#include "h3http/arena.hpp"
#include "h3http/detail/uri_bytes.hpp"

namespace h3 {

namespace {

// Takes one decoded byte from the front of `text`, which is not empty.
template <bool kPlusIsSpace>
char takeByte(std::string_view& text) noexcept {
  const char c = text.front();
  if (c == '%' && UriBytes::isEscape(text)) {
    const char decoded = UriBytes::decoded(text);
    text.remove_prefix(3);
    return decoded;
  }
  text.remove_prefix(1);
  return kPlusIsSpace && c == '+' ? ' ' : c;
}

template <bool kPlusIsSpace>
std::string_view decode(std::string_view text, Arena& arena) {
  const std::size_t firstEncoded = kPlusIsSpace ? text.find_first_of("%+") : text.find('%');
  if (firstEncoded == std::string_view::npos) return text;
  char* const out = arena.allocateChars(text.size()).data();
  std::size_t size = 0;
  for (std::string_view rest = text; !rest.empty();) out[size++] = takeByte<kPlusIsSpace>(rest);
  arena.extendLast(out, text.size(), size);
  return {out, size};
}

template <class Allowed>
std::string_view encode(std::string_view text, Arena& arena, Allowed allowed) {
  const auto kept = static_cast<std::size_t>(std::count_if(text.begin(), text.end(), allowed));
  if (kept == text.size()) return text;
  const std::span<char> encoded = arena.allocateChars(3 * text.size() - 2 * kept);
  char* out = encoded.data();
  for (const char c : text) {
    if (allowed(c)) {
      *out++ = c;
    } else {
      out = UriBytes::escape(c, out);
    }
  }
  return {encoded.data(), encoded.size()};
}

}  // namespace

std::string_view percentDecode(std::string_view text, Arena& arena) { return decode<false>(text, arena); }

std::string_view decodeQueryComponent(std::string_view text, Arena& arena) {
  return decode<true>(text, arena);
}

std::string_view encodeQuery(std::string_view query, Arena& arena) {
  return encode(query, arena, [](char c) { return c == '%' || UriBytes::is(c, UriBytes::kQuery); });
}

bool queryComponentEquals(std::string_view encoded, std::string_view plain) noexcept {
  if (encoded == plain && encoded.find_first_of("%+") == std::string_view::npos) return true;
  for (const char c : plain) {
    if (encoded.empty() || takeByte<true>(encoded) != c) return false;
  }
  return encoded.empty();
}

}  // namespace h3
