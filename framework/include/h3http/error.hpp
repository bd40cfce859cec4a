// What a handler throws, and what a wrong route throws.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>

namespace h3 {

/// Thrown by a handler or middleware: the response gets this status, and `message` as its text.
///
/// `status`: 400 to 599; any other number becomes 500. Any other exception results in a 500 whose details
/// stay in the log.
class HttpError : public std::runtime_error {
 public:
  HttpError(int status, const std::string& message);
  explicit HttpError(int status);  ///< with the status's reason phrase as text

  int status() const noexcept { return status_; }

 private:
  int status_;
};

/// A route pattern that cannot be used. what() names the pattern, the position and the fix.
class RoutePatternError : public std::invalid_argument {
 public:
  RoutePatternError(std::string_view pattern, std::size_t position, std::string_view problem);
  /// Byte offset in the pattern.
  std::size_t position() const noexcept { return position_; }

 private:
  std::size_t position_;
};

}  // namespace h3
