// Where a redirect leads.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace h3::test {

/// The target to request next, for a Location field's value in a response to `current` of `host`; without its fragment.
/// nullopt when it leads to another host or scheme than http and https. Dot segments stay: the server resolves them.
/// Source: RFC 3986 5.2.
std::optional<std::string> redirectTarget(std::string_view current, std::string_view location,
                                          std::string_view host);

}  // namespace h3::test
