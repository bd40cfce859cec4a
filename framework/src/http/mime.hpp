#pragma once
#include <string_view>

namespace h3 {

/// Content type for a file extension without the dot, in any case; "application/octet-stream" when unknown.
/// Text types carry "; charset=utf-8".   Lifetime: static.
std::string_view mimeTypeForExtension(std::string_view extension) noexcept;

/// The same for a file name or path, by the part after the last dot of the last segment.
std::string_view mimeTypeForPath(std::string_view path) noexcept;

}  // namespace h3
