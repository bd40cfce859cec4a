// Trailer fields of a chunked request body.
#pragma once

#include <optional>
#include <string_view>

namespace h3::protocol {

/// The value of the first field of that name, in any case, without blanks around it; `trailers`: lines that
/// ChunkedDecoder has accepted. Names that may not be trailers are never found: those of framing, routing,
/// authentication, request modifiers and content (RFC 9110 6.5.1). Lifetime: that of `trailers`.
std::optional<std::string_view> findTrailer(std::string_view trailers, std::string_view name);

}  // namespace h3::protocol
