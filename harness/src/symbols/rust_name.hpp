// Demangles Rust functions, in both mangling schemes.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Whether a symbol is Rust's: "_R...", or "_ZN...17h" with 16 hex digits and "E".
bool isRustSymbol(std::string_view symbol);

/// "server::notes::keep", "<alloc::vec::Vec<u8> as std::io::Write>::write", without crate hashes and with "<"
/// for "::<"; "" when the symbol is malformed.
///
/// Bounds: 4,096 characters, 200 levels. Identifiers in Punycode keep their encoding.
/// Source: RFC 2603 (v0); for the legacy scheme, rustc's legacy.rs.
std::string rustName(std::string_view symbol);

}  // namespace leakgate
