#include "serve/local_host.hpp"

#include <algorithm>
#include <cctype>
#include <string>

namespace leakgate {

namespace {

bool isPort(std::string_view text) {
  return text.size() <= 5 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

}  // namespace

bool isLocalHost(std::string_view host) {
  std::string lower(host);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
    if (!lower.starts_with(name)) continue;
    const std::string_view rest = std::string_view(lower).substr(name.size());
    if (rest.empty() || (rest.front() == ':' && isPort(rest.substr(1)))) return true;
  }
  return false;
}

}  // namespace leakgate
