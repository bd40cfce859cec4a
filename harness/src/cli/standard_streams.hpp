// Standard output and standard error, in whatever state leakgate is given them.
#pragma once

#include <fmt/core.h>

#include <string_view>
#include <utility>

namespace leakgate {

/// For the start of main(): a write to a pipe without a reader becomes an error instead of SIGPIPE, and a
/// standard descriptor that is closed is opened on /dev/null, so that no other file takes its number.
void prepareStandardStreams();

/// Writes to standard error. That it is full, or that its reader is gone, is ignored: a message that is not
/// seen must not take the report along. Errors: none.
void writeError(std::string_view text) noexcept;

template <typename... Arguments>
void printError(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeError(fmt::format(format, std::forward<Arguments>(arguments)...));
}

/// Writes to standard output, at once. A reader that is gone has seen what it wanted; any other failure is an
/// error. Errors: std::runtime_error.
void writeOutput(std::string_view text);

template <typename... Arguments>
void printOutput(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  writeOutput(fmt::format(format, std::forward<Arguments>(arguments)...));
}

}  // namespace leakgate
