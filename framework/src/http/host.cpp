#include "http/host.hpp"

#include <cstddef>

#include "h3http/detail/uri_bytes.hpp"

namespace h3 {

namespace {

constexpr std::size_t kMaxHostBytes = 255;

bool isDigit(char c) noexcept { return c >= '0' && c <= '9'; }

// RFC 3986 3.2.3 allows an empty port.
bool isValidPort(std::string_view digits) noexcept {
  unsigned port = 0;
  for (const char c : digits) {
    if (!isDigit(c)) return false;
    port = port * 10 + static_cast<unsigned>(c - '0');
    if (port > 65535) return false;
  }
  return true;
}

// Four numbers 0-255 without leading zeros.
bool isIpv4(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    unsigned value = 0;
    std::size_t digits = 0;
    while (digits < text.size() && digits < 3 && isDigit(text[digits]))
      value = value * 10 + static_cast<unsigned>(text[digits++] - '0');
    if (digits == 0 || value > 255 || (digits > 1 && text[0] == '0')) return false;
    text.remove_prefix(digits);
    if (part == 3) break;
    if (text.empty() || text[0] != '.') return false;
    text.remove_prefix(1);
  }
  return text.empty();
}

std::size_t hexDigitsAt(std::string_view text) noexcept {
  std::size_t count = 0;
  while (count < text.size() && UriBytes::is(text[count], UriBytes::kHex)) ++count;
  return count;
}

// Eight groups of 1-4 hex digits; "::" once for one or more of zeros; the last two may be an IPv4 address.
bool isIpv6(std::string_view text) noexcept {
  int groups = 0;
  bool compressed = false;
  if (text.starts_with("::")) {
    compressed = true;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    const std::size_t digits = hexDigitsAt(text);
    if (digits < text.size() && text[digits] == '.') {
      if (!isIpv4(text)) return false;
      groups += 2;
      break;
    }
    if (digits == 0 || digits > 4) return false;
    ++groups;
    text.remove_prefix(digits);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (compressed) return false;
      compressed = true;
      text.remove_prefix(2);
    } else if (text[0] == ':' && text.size() > 1) {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  return compressed ? groups < 8 : groups == 8;
}

// Length of the registered name at the start of the text.
std::size_t regNameBytes(std::string_view text) noexcept {
  std::size_t at = 0;
  for (;;) {
    while (at < text.size() && UriBytes::is(text[at], UriBytes::kRegName)) ++at;
    if (at == text.size() || text[at] != '%' || !UriBytes::isEscape(text.substr(at))) return at;
    at += 3;
  }
}

}  // namespace

bool isValidHost(std::string_view host) noexcept {
  if (host.empty() || host.size() > kMaxHostBytes) return false;
  std::size_t nameEnd;
  if (host.front() == '[') {
    const std::size_t bracket = host.find(']');
    if (bracket == std::string_view::npos || !isIpv6(host.substr(1, bracket - 1))) return false;
    nameEnd = bracket + 1;
  } else {
    nameEnd = regNameBytes(host);
    if (nameEnd == 0) return false;
  }
  if (nameEnd == host.size()) return true;
  return host[nameEnd] == ':' && isValidPort(host.substr(nameEnd + 1));
}

}  // namespace h3
