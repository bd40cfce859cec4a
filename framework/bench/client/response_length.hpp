// Finds the end of a response.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace bench {

/// Bytes of the first response in `bytes`, once its head is whole; it may be longer than `bytes`. Understands
/// Content-Length and chunks. Errors: std::runtime_error for a status other than 200 and for a response of
/// unknown length.
std::optional<std::size_t> responseLength(std::string_view bytes);

}  // namespace bench
