#include "http_message.hpp"

#include <algorithm>
#include <charconv>

namespace specimen {
namespace {

bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::string_view trim(std::string_view text) noexcept {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Cuts off and returns what comes before `separator`; all of it when there is none.
std::string_view takeUntil(std::string_view& text, std::string_view separator) noexcept {
  const auto at = text.find(separator);
  const auto head = text.substr(0, at);
  text.remove_prefix(at == std::string_view::npos ? text.size() : at + separator.size());
  return head;
}

/// Method, target and version. False when the line has another shape.
bool readStartLine(std::string_view line, Request& request) noexcept {
  request.method = takeUntil(line, " ");
  std::string_view target = takeUntil(line, " ");
  request.path = takeUntil(target, "?");
  request.query = target;
  request.keepAlive = line == "HTTP/1.1";
  return !request.method.empty() && request.path.starts_with('/') &&
         (line == "HTTP/1.1" || line == "HTTP/1.0");
}

/// The two header fields that matter for framing. Returns the status that refuses the field, or 0.
int readField(std::string_view line, Request& request, std::size_t& bodyBytes) noexcept {
  const std::string_view name = takeUntil(line, ":");
  const std::string_view value = trim(line);
  if (equalsIgnoringCase(name, "transfer-encoding")) return 501;
  if (equalsIgnoringCase(name, "connection")) {
    if (equalsIgnoringCase(value, "close")) request.keepAlive = false;
    if (equalsIgnoringCase(value, "keep-alive")) request.keepAlive = true;
  }
  if (!equalsIgnoringCase(name, "content-length")) return 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), bodyBytes);
  if (error != std::errc{} || end != value.data() + value.size()) return 400;
  return bodyBytes > kBodyBytesMax ? 413 : 0;
}

}  // namespace

ReadResult readRequest(std::string_view input) noexcept {
  const auto headEnd = input.find("\r\n\r\n");
  if (headEnd == std::string_view::npos ? input.size() > kHeadBytesMax : headEnd > kHeadBytesMax) {
    return {.status = 431, .bytes = 0, .request = {}};
  }
  if (headEnd == std::string_view::npos) return {};

  ReadResult result;
  std::string_view head = input.substr(0, headEnd);
  std::size_t bodyBytes = 0;
  if (!readStartLine(takeUntil(head, "\r\n"), result.request)) result.status = 400;
  while (!head.empty() && result.status == 0) {
    result.status = readField(takeUntil(head, "\r\n"), result.request, bodyBytes);
  }
  const std::size_t bodyStart = headEnd + 4;
  if (result.status != 0 || input.size() - bodyStart < bodyBytes) return result;
  result.request.body = input.substr(bodyStart, bodyBytes);
  result.bytes = bodyStart + bodyBytes;
  return result;
}

std::string_view queryValue(std::string_view query, std::string_view name) noexcept {
  while (!query.empty()) {
    std::string_view pair = takeUntil(query, "&");
    if (takeUntil(pair, "=") == name) return pair;
  }
  return {};
}

}  // namespace specimen
