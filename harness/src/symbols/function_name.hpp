// Function names: from the symbol table's spelling to one for readers, and to one that survives a rebuild.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Demangles C++ and Rust and drops what readers do not need: parameters, return type, ABI tags, clone
/// suffixes; template arguments too, in the standard library and where the name would exceed 120 characters.
/// "lambda in main" is a lambda, a coroutine's body has the coroutine's name. A name that is not mangled
/// comes back as it is, without a clone suffix.
std::string readableName(std::string_view symbol);

/// The same of a name that debug information spells out, without a mangled one.
std::string readableSpelling(std::string text);

/// A readable name without template arguments: equal for the same source after a refactor
/// elsewhere.
std::string stableName(std::string_view readable);

/// Whether a readable name belongs to the standard library or the allocator: such a frame is rarely the one
/// to blame.
bool isLibraryName(std::string_view readable);

}  // namespace leakgate
