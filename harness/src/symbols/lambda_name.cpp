#include "symbols/lambda_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

#include "symbols/name_scanner.hpp"

namespace leakgate {

namespace {

bool isLambda(std::string_view part) {
  constexpr std::array<std::string_view, 4> kSpellings{"{lambda", "<lambda", "'lambda", "{unnamed type"};
  if (part.size() > 2 && part.starts_with("$_"))
    return std::isdigit(static_cast<unsigned char>(part[2])) != 0;
  return std::any_of(kSpellings.begin(), kSpellings.end(),
                     [&](std::string_view spelling) { return part.starts_with(spelling); });
}

// The call operator of a lambda, and its copies: names that readers do not need.
bool isPartOfLambda(std::string_view part) {
  return part.starts_with("operator") || part.starts_with("_FUN") || part.starts_with("__invoke") ||
         part.starts_with('~') || isLambda(part);
}

std::string_view withoutLeadingConst(std::string_view text) {
  return text.starts_with("const ") ? text.substr(6) : text;
}

// "wrap<main::{lambda}&>" as "wrap<lambda in main>".
std::string withArgumentsRead(std::string_view part) {
  const std::size_t open = operatorAt(part, 0) ? std::string_view::npos : part.find('<');
  if (open == std::string_view::npos || open == 0) return std::string(part);
  const std::size_t end = closing(part, open);
  if (end <= open + 2) return std::string(part);
  std::string text(part.substr(0, open + 1));
  const char* separator = "";
  for (const auto argument : splitOutside(part.substr(open + 1, end - open - 2), ", ")) {
    text += separator + withLambdasRead(withoutLeadingConst(argument));
    separator = ", ";
  }
  text += part.substr(end - 1);
  return text;
}

}  // namespace

std::string withLambdasRead(std::string_view name) {
  const auto parts = splitOutside(name, "::");
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (isLambda(parts[i])) {
      text = text.empty() ? "lambda" : "lambda in " + text;
      if (i + 1 < parts.size() && isPartOfLambda(parts[i + 1])) ++i;
    } else {
      text += (i == 0 ? "" : "::") + withArgumentsRead(parts[i]);
    }
  }
  return text;
}

}  // namespace leakgate
