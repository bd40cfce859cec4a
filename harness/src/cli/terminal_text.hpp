// Wraps text to the terminal's width.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace leakgate {

/// Columns of the descriptor's terminal; 80 when unknown, 0 when it is not a terminal.
std::size_t terminalColumns(int descriptor);

/// Breaks lines that are longer than `columns` at blanks; what follows a break is indented as the text that
/// it belongs to. A command ("reproduce    leakgate run ...") is broken outside of quotes and with a
/// backslash, so that it can still be copied into a shell. Rows of tables and long words stay whole, and with
/// `columns` 0 everything does.
std::string wrapText(std::string_view text, std::size_t columns);

/// Writes a text for people to standard output, wrapped where that is a terminal. Errors: as writeOutput().
void writeText(std::string_view text);

}  // namespace leakgate
