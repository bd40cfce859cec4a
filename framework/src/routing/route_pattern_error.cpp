#include "h3http/route_pattern_error.hpp"

#include <string>

namespace h3 {

namespace {

std::string describe(std::string_view pattern, std::size_t position, std::string_view problem) {
  std::string text = "route pattern \"";
  text.append(pattern).append("\", position ").append(std::to_string(position)).append(": ").append(problem);
  return text;
}

}  // namespace

RoutePatternError::RoutePatternError(std::string_view pattern, std::size_t position, std::string_view problem)
    : std::invalid_argument(describe(pattern, position, problem)), position_(position) {}

}  // namespace h3
