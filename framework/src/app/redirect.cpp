#include "h3http/redirect.hpp"

#include <algorithm>

namespace h3 {
namespace {

constexpr std::size_t kMaxTargetBytes = 2048;

bool isMisread(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte <= 0x20 || byte == 0x7f || c == '\\';
}

}  // namespace

bool isLocalTarget(std::string_view target) {
  if (!target.starts_with('/') || target.size() > kMaxTargetBytes) return false;
  if (std::any_of(target.begin(), target.end(), isMisread)) return false;
  return target.substr(0, target.find_first_of("?#")).find("//") == std::string_view::npos;
}

void redirectLocally(Event& event, std::string_view target, std::string_view fallback, int status) {
  event.redirect(isLocalTarget(target) ? target : fallback, status);
}

}  // namespace h3
