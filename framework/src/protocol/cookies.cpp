#include "h3http/cookies.hpp"

#include <cstddef>

#include "protocol/field_text.hpp"

namespace h3 {

std::optional<std::string_view> findCookie(std::string_view field, std::string_view name) noexcept {
  for (;;) {
    const std::size_t end = field.find(';');
    const std::string_view pair = field.substr(0, end);
    const std::size_t equals = pair.find('=');
    if (equals != std::string_view::npos && protocol::trimBlanks(pair.substr(0, equals)) == name)
      return protocol::trimBlanks(pair.substr(equals + 1));
    if (end == std::string_view::npos) return std::nullopt;
    field.remove_prefix(end + 1);
  }
}

}  // namespace h3
