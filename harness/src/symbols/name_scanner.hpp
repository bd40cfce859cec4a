// Scans brackets and operators in the names of C++ functions: "operator<" opens no bracket, "->" closes none.
#pragma once

#include <string_view>
#include <vector>

namespace leakgate {

/// Whether text[at] begins the word "operator".
bool operatorAt(std::string_view text, std::size_t at);

/// Length of the operator's name there: "operator()", "operator<<", "operator->"; of "operator" alone if a
/// word follows.
std::size_t operatorLength(std::string_view text, std::size_t at);

inline bool isOpening(char c) { return c == '<' || c == '(' || c == '{'; }
inline bool isClosing(std::string_view text, std::size_t at) {
  return (text[at] == '>' && (at == 0 || text[at - 1] != '-')) || text[at] == ')' || text[at] == '}';
}

/// Position after the bracket that closes the one at text[at], whatever its kind; text.size() when none does.
std::size_t closing(std::string_view text, std::size_t at);

/// Parts between separators that are outside of brackets. Views into `text`.
std::vector<std::string_view> splitOutside(std::string_view text, std::string_view separator);

}  // namespace leakgate
