// Text of others' making, made fit for a terminal.
#pragma once

#include <string>
#include <string_view>

namespace leakgate {

/// Escapes what may drive a terminal or show text in another order than it is written: control characters of
/// C0 and C1 (as \x1b), bytes that are no UTF-8 (a raw 0x9b is a control character to some terminals), and
/// the characters that set the direction of text or end a line in Unicode (as \u202e). A tab becomes a blank;
/// a newline stays.
std::string printable(std::string_view text);

/// The first `maxBytes` of the text at most, without a part of a character at the end.
std::string_view wholeCharacters(std::string_view text, std::size_t maxBytes);

}  // namespace leakgate
