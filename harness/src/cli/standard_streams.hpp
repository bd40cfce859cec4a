// Standard output and standard error, whatever state they are in.
#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace leakgate {

/// Call it first in main(): a write to a pipe without a reader becomes an error instead of SIGPIPE, and a
/// closed standard descriptor is opened on /dev/null, so that no other file gets its number.
void prepareStandardStreams();

/// Writes to standard error. A full device or a closed reader is ignored: a lost message must not cost the
/// report. Errors: none.
void writeError(std::string_view text) noexcept;

template <typename... Arguments>
void printError(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeError(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Writes to standard output, unbuffered. A closed reader is not an error; any other failure is. Errors:
/// std::runtime_error.
void writeOutput(std::string_view text);

template <typename... Arguments>
void printOutput(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeOutput(fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace leakgate
