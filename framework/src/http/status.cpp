#include "http/status.hpp"

#include <array>
#include <cstddef>

namespace h3 {

namespace {

struct Reason {
  int status;
  std::string_view phrase;
};

constexpr Reason kReasons[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {103, "Early Hints"},
    {104, "Upload Resumption Supported"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-Authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {208, "Already Reported"},
    {226, "IM Used"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {423, "Locked"},
    {424, "Failed Dependency"},
    {425, "Too Early"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {451, "Unavailable For Legal Reasons"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {506, "Variant Also Negotiates"},
    {507, "Insufficient Storage"},
    {508, "Loop Detected"},
    {510, "Not Extended"},
    {511, "Network Authentication Required"},
};

constexpr std::string_view kPrefix = "HTTP/1.1 ";
constexpr std::size_t kReasonOffset = kPrefix.size() + 4;  // After "HTTP/1.1 404 ".

struct Line {
  char bytes[54] = {};
  unsigned char length = 0;

  constexpr void append(std::string_view text) {
    for (const char c : text) bytes[length++] = c;
  }
};

constexpr Line makeLine(int status) {
  std::string_view phrase = "Unknown";
  for (const Reason& reason : kReasons) {
    if (reason.status == status) phrase = reason.phrase;
  }
  const char digits[] = {static_cast<char>('0' + status / 100), static_cast<char>('0' + status / 10 % 10),
                         static_cast<char>('0' + status % 10), ' '};
  Line line;
  line.append(kPrefix);
  line.append({digits, sizeof digits});
  line.append(phrase);
  line.append("\r\n");
  return line;
}

constexpr auto kLines = [] {
  std::array<Line, kLastStatus - kFirstStatus + 1> lines;
  for (int status = kFirstStatus; status <= kLastStatus; ++status)
    lines[static_cast<std::size_t>(status - kFirstStatus)] = makeLine(status);
  return lines;
}();

constexpr bool isStatus(int status) noexcept { return status >= kFirstStatus && status <= kLastStatus; }

}  // namespace

std::string_view statusLine(int status) noexcept {
  const Line& line = kLines[static_cast<std::size_t>((isStatus(status) ? status : 500) - kFirstStatus)];
  return {line.bytes, line.length};
}

std::string_view reasonPhrase(int status) noexcept {
  if (!isStatus(status)) return {};
  const std::string_view line = statusLine(status);
  return line.substr(kReasonOffset, line.size() - kReasonOffset - 2);
}

}  // namespace h3
