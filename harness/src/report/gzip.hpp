// gzip, the same for the same bytes.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Without a time in its header. Errors: std::bad_alloc. Source: RFC 1952.
std::string gzip(std::string_view text);

}  // namespace leakgate
