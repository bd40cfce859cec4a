#include "scenario/log_line.hpp"

#include <algorithm>
#include <optional>

namespace leakgate {
namespace {

constexpr std::size_t kMaxTargetBytes = 64U << 10;

int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Takes "..." off the front of `rest`; nullopt when it does not start with a quote or has no closing one.
std::optional<std::string_view> takeQuoted(std::string_view& rest) {
  if (!rest.starts_with('"')) return std::nullopt;
  for (std::size_t k = 1; k < rest.size(); ++k) {
    if (rest[k] == '\\') {
      ++k;
    } else if (rest[k] == '"') {
      const auto inside = rest.substr(1, k - 1);
      rest.remove_prefix(k + 1);
      return inside;
    }
  }
  return std::nullopt;
}

char namedEscape(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    case 'v':
      return '\v';
    default:
      return c;
  }
}

std::string unescape(std::string_view text) {
  std::string plain;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] != '\\' || k + 1 == text.size()) {
      plain += text[k];
    } else if (text[k + 1] == 'x' && k + 3 < text.size() && hexDigit(text[k + 2]) >= 0 &&
               hexDigit(text[k + 3]) >= 0) {
      plain += static_cast<char>(hexDigit(text[k + 2]) * 16 + hexDigit(text[k + 3]));
      k += 3;
    } else {
      plain += namedEscape(text[++k]);
    }
  }
  return plain;
}

bool isMethod(std::string_view text) {
  return !text.empty() && text.size() <= 32 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
  });
}

// Splits METHOD TARGET HTTP/V; blanks inside the target stay in it.
std::string parseRequest(std::string_view text, LogRequest& request) {
  const auto first = text.find(' ');
  const auto last = text.rfind(' ');
  if (first == std::string_view::npos || first == last) return "the request is not METHOD TARGET VERSION";
  request.method = text.substr(0, first);
  request.target = text.substr(first + 1, last - first - 1);
  const auto version = text.substr(last + 1);
  if (!isMethod(request.method)) return "the request has no known form of method";
  if (version != "HTTP/1.0" && version != "HTTP/1.1") return "the request is not HTTP/1.0 or 1.1";
  if (request.target.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos) {
    return "the target has a line break or NUL";
  }
  if (request.target.size() > kMaxTargetBytes) return "the target is over 64 KiB";
  request.version = version.substr(5);
  return "";
}

// " STATUS BYTES" as digits, or - for the bytes.
bool takeStatus(std::string_view& rest) {
  const auto digits = rest.substr(0, 4);
  const bool status =
      digits.size() == 4 && digits[0] == ' ' &&
      std::all_of(digits.begin() + 1, digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (status) rest.remove_prefix(4);
  return status;
}

// " BYTES", and in the combined format ' "REFERER" "AGENT"'.
bool wholeTail(std::string_view rest) {
  const auto bytes = rest.find_first_not_of("0123456789-", 1);
  if (!rest.starts_with(' ') || rest.size() < 2 || bytes == 1) return false;
  if (bytes == std::string_view::npos) return true;
  rest.remove_prefix(bytes);
  for (int field = 0; field < 2; ++field) {
    if (!rest.starts_with(' ')) return false;
    rest.remove_prefix(1);
    if (!takeQuoted(rest)) return false;
  }
  return true;  // further fields are the server's own business
}

}  // namespace

LogLine parseLogLine(std::string_view line) {
  LogLine parsed;
  const auto quote = line.find("] \"");
  if (line.empty()) {
    parsed.problem = "empty line";
    return parsed;
  }
  if (quote == std::string_view::npos) {
    parsed.problem = "no [time] followed by a quoted request";
    return parsed;
  }
  std::string_view rest = line.substr(quote + 2);
  const auto request = takeQuoted(rest);
  if (!request) {
    parsed.problem = "the quoted request has no end";
    return parsed;
  }
  parsed.problem = parseRequest(unescape(*request), parsed.request);
  if (parsed.problem.empty() && !takeStatus(rest)) parsed.problem = "no status after the request";
  parsed.damagedTail = !wholeTail(rest);
  return parsed;
}

}  // namespace leakgate
