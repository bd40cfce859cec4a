#include "h3http/html.hpp"

#include <algorithm>
#include <span>

#include "h3http/arena.hpp"

namespace h3 {
namespace {

// What stands for the character; "" for itself.
constexpr std::string_view htmlReference(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    case '\0':
      return "\xEF\xBF\xBD";
    default:
      return {};
  }
}

}  // namespace

std::string_view escapeHtml(std::string_view text, Arena& arena) {
  std::size_t bytes = 0;
  for (const char c : text) bytes += std::max<std::size_t>(1, htmlReference(c).size());
  if (bytes == text.size() && text.find('\0') == std::string_view::npos) return text;
  const std::span<char> escaped = arena.allocateChars(bytes);
  auto out = escaped.begin();
  for (const char c : text) {
    const std::string_view reference = htmlReference(c);
    if (reference.empty()) {
      *out++ = c;
    } else {
      out = std::copy(reference.begin(), reference.end(), out);
    }
  }
  return {escaped.data(), escaped.size()};
}

}  // namespace h3
