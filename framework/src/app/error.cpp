#include "h3http/error.hpp"

#include "http/status.hpp"

namespace h3 {

namespace {

std::string describe(std::string_view pattern, std::size_t position, std::string_view problem) {
  std::string text = "route pattern \"";
  text.append(pattern).append("\", position ").append(std::to_string(position)).append(": ").append(problem);
  return text;
}

}  // namespace

// A status that is no error would break the response to one.
HttpError::HttpError(int status, const std::string& message)
    : std::runtime_error(message), status_(status >= 400 && status <= 599 ? status : 500) {}

HttpError::HttpError(int status) : HttpError(status, std::string(reasonPhrase(status))) {}

RoutePatternError::RoutePatternError(std::string_view pattern, std::size_t position, std::string_view problem)
    : std::invalid_argument(describe(pattern, position, problem)), position_(position) {}

}  // namespace h3
