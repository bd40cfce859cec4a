#include "testing/redirect_target.hpp"

#include <algorithm>

#include "http/ascii_case.hpp"

namespace h3::test {
namespace {

// Whether it begins with a scheme: letters, digits, "+-." up to a ':'.
bool hasScheme(std::string_view reference) {
  const std::size_t colon = reference.find_first_of(":/?#");
  return colon != std::string_view::npos && colon != 0 && reference[colon] == ':';
}

// "//host/path": the part after the host, if that is ours.
std::optional<std::string> afterAuthority(std::string_view reference, std::string_view host) {
  reference.remove_prefix(2);
  const std::size_t end = std::min(reference.find_first_of("/?"), reference.size());
  if (!equalsIgnoringCase(reference.substr(0, end), host)) return std::nullopt;
  const std::string_view rest = reference.substr(end);
  return (rest.starts_with('/') ? "" : "/") + std::string(rest);
}

}  // namespace

std::optional<std::string> redirectTarget(std::string_view current, std::string_view location,
                                          std::string_view host) {
  location = location.substr(0, location.find('#'));
  if (hasScheme(location)) {
    const std::string_view scheme = location.substr(0, location.find(':'));
    location.remove_prefix(scheme.size() + 1);
    if (!equalsIgnoringCase(scheme, "http") && !equalsIgnoringCase(scheme, "https")) return std::nullopt;
    if (!location.starts_with("//")) return std::nullopt;
  }
  if (location.starts_with("//")) return afterAuthority(location, host);
  if (location.starts_with('/')) return std::string(location);
  const std::string_view path = current.substr(0, current.find('?'));
  if (location.empty()) return std::string(current);
  if (location.starts_with('?')) return std::string(path).append(location);
  return std::string(path.substr(0, path.rfind('/') + 1)).append(location);
}

}  // namespace h3::test
