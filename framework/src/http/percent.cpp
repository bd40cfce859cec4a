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
    const int value = UriBytes::hexValue(text[1]) * 16 + UriBytes::hexValue(text[2]);
    text.remove_prefix(3);
    return static_cast<char>(value);
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

}  // namespace

std::string_view percentDecode(std::string_view text, Arena& arena) { return decode<false>(text, arena); }

std::string_view decodeQueryComponent(std::string_view text, Arena& arena) {
  return decode<true>(text, arena);
}

std::string_view encodeQuery(std::string_view query, Arena& arena) {
  const auto forbidden = [](char c) { return c != '%' && !UriBytes::is(c, UriBytes::kQuery); };
  const auto count = static_cast<std::size_t>(std::count_if(query.begin(), query.end(), forbidden));
  if (count == 0) return query;
  const std::span<char> text = arena.allocateChars(query.size() + 2 * count);
  char* out = text.data();
  for (const char c : query) {
    if (forbidden(c)) {
      out = UriBytes::escape(c, out);
    } else {
      *out++ = c;
    }
  }
  return {text.data(), text.size()};
}

bool queryComponentEquals(std::string_view encoded, std::string_view plain) noexcept {
  if (encoded == plain && encoded.find_first_of("%+") == std::string_view::npos) return true;
  for (const char c : plain) {
    if (encoded.empty() || takeByte<true>(encoded) != c) return false;
  }
  return encoded.empty();
}

}  // namespace h3
