// Numbers of the command line that are counts.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>

namespace leakgate {

/// Takes whole numbers of `min` to `max` only. (Without it "-8" becomes 18446744073709551608, and what is too
/// large the largest number.)
CLI::Validator wholeNumber(std::uint64_t min, std::uint64_t max);

}  // namespace leakgate
