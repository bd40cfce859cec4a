#include "http/uri_reference.hpp"

#include <cstddef>
#include <memory_resource>
#include <span>
#include <stdexcept>
#include <string>

#include "h3http/arena.hpp"
#include "h3http/detail/uri_bytes.hpp"

namespace h3 {
namespace {

// Whether the first byte may stand in a URI as it is.
bool startsWithUriByte(std::string_view text) {
  const char c = text.front();
  if (c == '%') return UriBytes::isEscape(text);
  return UriBytes::is(c, UriBytes::kQuery) || c == '#' || c == '[' || c == ']';
}

std::size_t countEncoded(std::string_view uri) {
  std::size_t encoded = 0;
  for (std::size_t i = 0; i < uri.size(); ++i) encoded += startsWithUriByte(uri.substr(i)) ? 0 : 1;
  return encoded;
}

[[noreturn]] void refuseLink(const char* problem) {
  throw std::invalid_argument(std::string("response field Link: ") + problem +
                              ", expected <URI>; parameters");
}

}  // namespace

std::string_view encodeUri(std::string_view uri, Arena& arena) {
  const std::size_t encoded = countEncoded(uri);
  if (encoded == 0) return uri;
  const std::span<char> copy = arena.allocateChars(uri.size() + 2 * encoded);
  char* out = copy.data();
  for (std::size_t i = 0; i < uri.size(); ++i) {
    if (startsWithUriByte(uri.substr(i))) {
      *out++ = uri[i];
    } else {
      out = UriBytes::escape(uri[i], out);
    }
  }
  return {copy.data(), copy.size()};
}

std::string_view encodeLink(std::string_view value, Arena& arena) {
  if (!value.starts_with('<')) refuseLink("no URI at its start");
  std::pmr::string text(&arena.resource());
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (quoted && value[i] == '\\') {  // the next byte stands for itself
      text += value.substr(i++, 2);
      continue;
    }
    if (value[i] == '"') quoted = !quoted;
    text += value[i];
    if (quoted || value[i] != '<') continue;
    const std::size_t end = value.find('>', i);
    if (end == std::string_view::npos) refuseLink("no '>' behind its URI");
    text += encodeUri(value.substr(i + 1, end - i - 1), arena);
    i = end - 1;
  }
  return text == value ? value : arena.copy(text);
}

}  // namespace h3
