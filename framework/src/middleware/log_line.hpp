// The line of an access log for one request.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <initializer_list>
#include <string_view>

#include "h3http/logger.hpp"

namespace h3 {

/// A line of bounded length, on the stack.
class LogLine {
 public:
  enum class Escapes : std::uint8_t { hex, json };  ///< \x0a, or \u000a

  LogLine& put(std::string_view text);
  LogLine& put(std::uint64_t number);
  /// With leading zeros.
  LogLine& putDigits(unsigned number, unsigned digits);
  /// Takes at most `maxBytes` of the line; `absent` for empty texts, "..." at the end of cut ones.
  LogLine& putEscaped(std::initializer_list<std::string_view> texts, std::size_t maxBytes,
                      Escapes escapes = Escapes::hex, std::string_view absent = "-");

  /// Ends the line. Valid as long as this.
  std::string_view finish();
  std::size_t size() const { return size_; }

 private:
  std::array<char, kMaxLogLineBytes> line_;
  std::size_t size_ = 0;
};

/// The line of a request whose response is decided. `now`: the wall clock. Valid as long as `line`, which is empty before.
std::string_view formatLogLine(LogLine& line, const Event& event, LogFormat format, const timespec& now);

}  // namespace h3
