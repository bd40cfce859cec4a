// Rust's mangling scheme of 2019.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// The path of a symbol (after "_R") in readable form; "" when it is malformed.
std::string rustV0Name(std::string_view path);

}  // namespace leakgate
