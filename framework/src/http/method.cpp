#include "h3http/method.hpp"

#include <array>

namespace h3 {

namespace {
constexpr std::array<std::string_view, kMethodCount> kNames = {
    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "OTHER"};
}

std::string_view toString(Method method) noexcept { return kNames[static_cast<std::size_t>(method)]; }

Method parseMethod(std::string_view token) noexcept {
  for (std::size_t i = 0; i + 1 < kMethodCount; ++i) {
    if (token == kNames[i]) return static_cast<Method>(i);
  }
  return Method::other;
}

}  // namespace h3
