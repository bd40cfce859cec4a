#include "symbols/name_scanner.hpp"

#include <array>
#include <cctype>

namespace leakgate {

namespace {

constexpr std::string_view kOperator = "operator";

bool isIdentifierChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

bool operatorAt(std::string_view text, std::size_t at) {
  if (text.substr(at, kOperator.size()) != kOperator) return false;
  if (at > 0 && isIdentifierChar(text[at - 1])) return false;
  const std::size_t end = at + kOperator.size();
  return end == text.size() || !isIdentifierChar(text[end]);
}

std::size_t operatorLength(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 13> kBracketed{"()", "[]", "<<=", "<=>", ">>=", "->*", "<<",
                                                        ">>", "<=", ">=",  "->",  "<",   ">"};
  const auto rest = text.substr(at + kOperator.size());
  for (const auto symbol : kBracketed) {
    if (rest.substr(0, symbol.size()) == symbol) return kOperator.size() + symbol.size();
  }
  return kOperator.size();
}

std::size_t closing(std::string_view text, std::size_t at) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (operatorAt(text, i)) {
      i += operatorLength(text, i) - 1;
      continue;
    }
    if (isOpening(text[i])) ++depth;
    if (isClosing(text, i) && --depth == 0) return i + 1;
  }
  return text.size();
}

std::vector<std::string_view> splitOutside(std::string_view text, std::string_view separator) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size();) {
    if (operatorAt(text, i)) {
      i += operatorLength(text, i);
    } else if (isOpening(text[i])) {
      i = closing(text, i);
    } else if (text.substr(i, separator.size()) == separator) {
      parts.push_back(text.substr(start, i - start));
      i += separator.size();
      start = i;
    } else {
      ++i;
    }
  }
  parts.push_back(text.substr(start));
  return parts;
}

}  // namespace leakgate
