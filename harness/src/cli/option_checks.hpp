// What an option takes, checked while the command line is read.
#pragma once

#include <CLI/App.hpp>
#include <cstddef>
#include <cstdint>
#include <string>

namespace leakgate {

/// Accepts any text but "": an empty variable in a script must not mean that the option was not given.
/// `what`: "a file", "a command".
CLI::Validator notEmpty(const std::string& what);

/// Accepts a text that fits in a line of a file: not blank, without control characters, at most `maxBytes`.
CLI::Validator oneLine(const std::string& what, std::size_t maxBytes);

/// Takes whole numbers of `min` to `max` only. (Without it "-8" becomes 18446744073709551608, and what is too
/// large the largest number.)
CLI::Validator wholeNumber(std::uint64_t min, std::uint64_t max);

}  // namespace leakgate
