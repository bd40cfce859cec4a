// Long text made short enough for a page: gzip (RFC 1952) in base64 (RFC 4648, section 4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace leakgate {

std::string packed(std::string_view text);

/// Nothing when it is not what packed() writes, or more than `maxBytes` when unpacked.
std::optional<std::string> unpacked(std::string_view text, std::size_t maxBytes);

}  // namespace leakgate
