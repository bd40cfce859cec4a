// The start of most responses, written once a second.
#pragma once

#include <cstddef>
#include <ctime>
#include <string>
#include <string_view>

#include "http/date.hpp"

namespace h3::protocol {

/// The bytes that responses of the same second have in common.
///
///     HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nServer: name\r\nKeep-Alive: timeout=60\r\n
///     ^ kStatusLine      ^ responses with another status start with their own line, then continue here
///                                                                            ^ not in lastText()
///
/// One copy instead of five. Lifetime: views are valid until the next show(). Threads: one owner.
class ResponsePrefix {
 public:
  static constexpr std::string_view kStatusLine = "HTTP/1.1 200 OK\r\n";

  /// `serverName`: "" for no Server field. `keepAliveSeconds`: 0 for no Keep-Alive field.
  explicit ResponsePrefix(std::string_view serverName, unsigned keepAliveSeconds = 0) : text_(kStatusLine) {
    text_.append(kDateName).append(kHttpDateBytes, ' ').append("\r\n");
    if (!serverName.empty()) text_.append("Server: ").append(serverName).append("\r\n");
    lastBytes_ = text_.size();
    if (keepAliveSeconds != 0)
      text_.append("Connection: keep-alive\r\nKeep-Alive: timeout=")
          .append(std::to_string(keepAliveSeconds))
          .append("\r\n");
    show(0);
  }

  void show(std::time_t seconds) { formatHttpDate(seconds, text_.data() + kDateOffset); }

  std::string_view text() const { return text_; }
  /// Whether text() promises to keep the connection open.
  bool promisesMore() const { return lastBytes_ != text_.size(); }
  /// Without such a promise.
  std::string_view lastText() const { return text().substr(0, lastBytes_); }
  std::string_view date() const { return {text_.data() + kDateOffset, kHttpDateBytes}; }

 private:
  static constexpr std::string_view kDateName = "Date: ";
  static constexpr std::size_t kDateOffset = kStatusLine.size() + kDateName.size();

  std::string text_;
  std::size_t lastBytes_ = 0;
};

}  // namespace h3::protocol
