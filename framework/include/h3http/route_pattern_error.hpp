#pragma once
#include <cstddef>
#include <stdexcept>
#include <string_view>

namespace h3 {

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
