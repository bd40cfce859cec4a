#include "h3http/cookies.hpp"

#include <algorithm>
#include <cstddef>

namespace h3 {
namespace {

std::string_view trimmed(std::string_view text) noexcept {
  constexpr std::string_view kSpace = " \t";
  const std::size_t begin = std::min(text.find_first_not_of(kSpace), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kSpace) + 1);  // npos + 1 is 0
}

}  // namespace

std::optional<std::string_view> findCookie(std::string_view field, std::string_view name) noexcept {
  for (;;) {
    const std::size_t end = field.find(';');
    const std::string_view pair = field.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && trimmed(pair.substr(0, equals)) == name)
      return trimmed(pair.substr(equals + 1));
    if (end == std::string_view::npos) return std::nullopt;
    field.remove_prefix(end + 1);
  }
}

}  // namespace h3
