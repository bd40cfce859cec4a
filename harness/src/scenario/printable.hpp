// Makes foreign text safe for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Escapes what may control a terminal or reorder the text on it: control characters of C0 and C1 (as \x1b),
/// bytes that are not UTF-8 (a raw 0x9b is a control character to some terminals), and Unicode characters
/// that set the direction of text or end a line (as \u202e). A tab becomes a blank; a newline stays.
std::string printable(std::string_view text);

/// At most the first `maxBytes` of the text, without a partial character at the end.
std::string_view wholeCharacters(std::string_view text, std::size_t maxBytes);

}  // namespace leakgate
