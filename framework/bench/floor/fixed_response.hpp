// What the floor servers share: counting request heads, and one response for all of them.
#pragma once

#include <cstddef>
#include <cstring>
#include <ctime>
#include <string_view>

namespace bench {

/// Counts the ends of request heads (CR LF CR LF) in a stream of bytes, across reads. Bodies would be
/// miscounted only if they held such a sequence; the benchmark sends none.
class HeadEnds {
 public:
  std::size_t count(std::string_view bytes) {
    std::size_t ends = 0;
    for (; matched_ != 0 && !bytes.empty(); bytes.remove_prefix(1)) ends += step(bytes.front());
    for (std::size_t at; (at = bytes.find(kEnd)) != std::string_view::npos; ++ends)
      bytes.remove_prefix(at + kEnd.size());
    if (bytes.size() >= kEnd.size()) bytes.remove_prefix(bytes.size() - (kEnd.size() - 1));
    for (const char c : bytes) step(c);
    return ends;
  }

 private:
  static constexpr std::string_view kEnd = "\r\n\r\n";

  /// Whether this byte ends a head.
  bool step(char c) {
    matched_ = c == kEnd[matched_] ? matched_ + 1 : (c == '\r' ? 1 : 0);
    if (matched_ < kEnd.size()) return false;
    matched_ = 0;
    return true;
  }

  std::size_t matched_ = 0;  ///< bytes of kEnd that the last read ended with
};

/// A whole response with the body "Hello, World!", whose Date is renewed once a second.
///
/// Lifetime: the view is valid until the next call. Threads: one owner.
class FixedResponse {
 public:
  std::string_view now() {
    const std::time_t second = std::time(nullptr);
    if (second != second_) {
      second_ = second;
      std::tm parts{};
      ::gmtime_r(&second, &parts);
      char date[32];
      std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
      std::memcpy(text_ + kDateOffset, date, kDateBytes);
    }
    return {text_, sizeof text_ - 1};
  }

 private:
  static constexpr std::string_view kBeforeDate = "HTTP/1.1 200 OK\r\nDate: ";
  static constexpr std::size_t kDateOffset = kBeforeDate.size();
  static constexpr std::size_t kDateBytes = 29;

  std::time_t second_ = 0;
  char text_[sizeof "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
                    "Content-Length: 13\r\n\r\nHello, World!"] =
      "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
      "Content-Length: 13\r\n\r\nHello, World!";
};

}  // namespace bench
