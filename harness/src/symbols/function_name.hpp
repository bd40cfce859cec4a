// Converts function names from the symbol table to readable ones, and to ones that are the same after a
// rebuild.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Demangles C++ and Rust and drops parameters, return type, ABI tags and clone suffixes; template arguments
/// too, in the standard library and in names over 120 characters. "lambda in main" is a lambda; a coroutine's
/// body has the coroutine's name. A name that is not mangled is returned without a clone suffix.
std::string readableName(std::string_view symbol);

/// The same for a name from debug information that has no mangled name.
std::string readableSpelling(std::string text);

/// A readable name without template arguments: equal for the same source after a refactor
/// elsewhere.
std::string stableName(std::string_view readable);

/// Whether a readable name belongs to the standard library or the allocator: such a frame is rarely the one
/// to blame.
bool isLibraryName(std::string_view readable);

}  // namespace leakgate
