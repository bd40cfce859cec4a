// A command line in one argument, as --target takes it, and back.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// Splits at white space; 'single' and "double" quotes and a backslash keep words together, as in a shell.
/// Nothing is expanded. Errors: InputError for a quote that is not closed, or no word at all.
std::vector<std::string> splitCommand(std::string_view command);

/// Quotes for a POSIX shell where needed.
std::string shellQuoted(const std::string& word);

}  // namespace leakgate
