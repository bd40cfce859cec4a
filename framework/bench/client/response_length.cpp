#include "response_length.hpp"

#include <strings.h>

#include <charconv>
#include <stdexcept>
#include <string>

namespace bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

/// The value of a field in the head, or nothing.
std::optional<std::string_view> fieldOf(std::string_view head, std::string_view name) {
  for (std::size_t begin = head.find(kLineEnd); begin != std::string_view::npos;
       begin = head.find(kLineEnd, begin)) {
    begin += kLineEnd.size();
    const std::string_view line = head.substr(begin, head.find(kLineEnd, begin) - begin);
    if (line.size() <= name.size() || line[name.size()] != ':') continue;
    if (::strncasecmp(line.data(), name.data(), name.size()) != 0) continue;
    const std::size_t value = line.find_first_not_of(' ', name.size() + 1);
    return value == std::string_view::npos ? std::string_view() : line.substr(value);
  }
  return std::nullopt;
}

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  if (std::from_chars(text.data(), text.data() + text.size(), value, base).ec != std::errc{})
    throw std::runtime_error("not a number in a response: " + std::string(text));
  return value;
}

/// The end of a chunked body that begins at `at`.
std::optional<std::size_t> endOfChunks(std::string_view bytes, std::size_t at) {
  for (;;) {
    const std::size_t lineEnd = bytes.find(kLineEnd, at);
    if (lineEnd == std::string_view::npos) return std::nullopt;
    const std::size_t size = number(bytes.substr(at, lineEnd - at), 16);
    at = lineEnd + kLineEnd.size() + size +
         kLineEnd.size();  // no trailer fields: none of the servers sends any
    if (size == 0) return at;
    if (at > bytes.size()) return std::nullopt;
  }
}

}  // namespace

std::optional<std::size_t> responseLength(std::string_view bytes) {
  const std::size_t end = bytes.find(kHeadEnd);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view head = bytes.substr(0, end + kLineEnd.size());
  if (!head.starts_with("HTTP/1.1 200"))
    throw std::runtime_error("status line " + std::string(head.substr(0, head.find(kLineEnd))));
  const std::size_t body = end + kHeadEnd.size();
  if (const auto length = fieldOf(head, "Content-Length")) return body + number(*length, 10);
  if (fieldOf(head, "Transfer-Encoding")) return endOfChunks(bytes, body);
  throw std::runtime_error("a response without Content-Length and chunks");
}

}  // namespace bench
