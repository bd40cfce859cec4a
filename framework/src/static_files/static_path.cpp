#include "static_files/static_path.hpp"

#include <algorithm>

#include "http/percent.hpp"

namespace h3 {
namespace {

bool isForbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f || c == '\\';
}

bool isForbiddenSegment(std::string_view segment, bool last) {
  return segment.empty() ? !last : segment.front() == '.';
}

}  // namespace

std::optional<std::string_view> staticPath(std::string_view encoded, Arena& arena) {
  const std::string_view path = percentDecode(encoded, arena);
  // An encoded slash is data of its segment, which no file name can contain: decoding must not create
  // separators.
  if (std::count(path.begin(), path.end(), '/') != std::count(encoded.begin(), encoded.end(), '/'))
    return std::nullopt;
  if (std::any_of(path.begin(), path.end(), isForbidden)) return std::nullopt;
  for (std::string_view rest = path;;) {
    const std::size_t slash = rest.find('/');
    const bool last = slash == std::string_view::npos;
    if (isForbiddenSegment(rest.substr(0, slash), last)) return std::nullopt;
    if (last) return path;
    rest.remove_prefix(slash + 1);
  }
}

}  // namespace h3
