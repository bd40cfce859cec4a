// Splits a command line in one argument (--target), and quotes words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace leakgate {

/// Splits at white space; 'single' and "double" quotes and a backslash keep words together, as in a shell.
/// Nothing is expanded. Errors: InputError for an unclosed quote, or no word at all.
std::vector<std::string> splitCommand(std::string_view command);

/// Quotes for a POSIX shell where needed.
std::string shellQuoted(const std::string& word);

}  // namespace leakgate
