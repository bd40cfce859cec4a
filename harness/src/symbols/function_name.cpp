#include "symbols/function_name.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <memory>

namespace leakgate {

namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::string_view kOperator = "operator";

// Beyond this the template arguments hide the name.
constexpr std::size_t kLongName = 120;

std::string demangled(const std::string& symbol) {
  if (symbol.rfind("_Z", 0) != 0) return symbol;
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(symbol.c_str(), nullptr, nullptr, &status), std::free);
  return status == 0 ? std::string(text.get()) : symbol;
}

// foo.isra.0, foo.part.1.cold, foo.constprop.0, foo.lto_priv.3: copies that the optimiser made of foo.
std::string_view withoutCloneSuffix(std::string_view symbol) {
  constexpr std::array<std::string_view, 6> kSuffixes{".isra.", ".part.",     ".constprop.",
                                                      ".cold",  ".lto_priv.", ".clone."};
  for (const auto suffix : kSuffixes) symbol = symbol.substr(0, symbol.find(suffix));
  return symbol;
}

void eraseAll(std::string& text, std::string_view open, char close) {
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const auto end = text.find(close, at);
    if (end == std::string::npos) return;
    text.erase(at, end - at + 1);
  }
}

bool isIdentifierChar(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether text[at] begins the word "operator".
bool operatorAt(std::string_view text, std::size_t at) {
  if (text.substr(at, kOperator.size()) != kOperator) return false;
  if (at > 0 && isIdentifierChar(text[at - 1])) return false;
  const std::size_t end = at + kOperator.size();
  return end == text.size() || !isIdentifierChar(text[end]);
}

// Length of an operator's name at text[at]: its brackets are no brackets. "operator()", "operator<<",
// "operator->".
std::size_t operatorLength(std::string_view text, std::size_t at) {
  constexpr std::array<std::string_view, 13> kBracketed{"()", "[]", "<<=", "<=>", ">>=", "->*", "<<",
                                                        ">>", "<=", ">=",  "->",  "<",   ">"};
  const auto rest = text.substr(at + kOperator.size());
  for (const auto symbol : kBracketed) {
    if (rest.substr(0, symbol.size()) == symbol) return kOperator.size() + symbol.size();
  }
  return kOperator.size();
}

// Position after the bracket that closes the one at text[at]; text.size() when none does.
std::size_t closing(std::string_view text, std::size_t at, char open, char close) {
  int depth = 0;
  for (std::size_t i = at; i < text.size(); ++i) {
    if (operatorAt(text, i)) {
      i += operatorLength(text, i) - 1;
      continue;
    }
    const bool arrow = text[i] == '>' && i > 0 && text[i - 1] == '-';
    if (text[i] == open) ++depth;
    if (text[i] == close && !arrow && --depth == 0) return i + 1;
  }
  return text.size();
}

// Drops bracketed groups; keeps "(anonymous namespace)" and operators.
std::string withoutGroups(std::string_view text, char open, char close) {
  std::string kept;
  for (std::size_t i = 0; i < text.size();) {
    if (text.substr(i, kAnonymous.size()) == kAnonymous) {
      kept += kAnonymous;
      i += kAnonymous.size();
    } else if (operatorAt(text, i)) {
      const std::size_t length = operatorLength(text, i);
      kept += text.substr(i, length);
      i += length;
    } else if (text[i] == open) {
      i = closing(text, i, open, close);
    } else {
      kept += text[i++];
    }
  }
  return kept;
}

// The start of the last word outside of brackets: before it stands a return type. "operator new" is one word.
std::size_t nameStart(std::string_view text) {
  std::size_t start = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, kAnonymous.size()) == kAnonymous) {
      i += kAnonymous.size() - 1;
    } else if (operatorAt(text, i)) {
      if (depth == 0) return start;
      i += operatorLength(text, i) - 1;
    } else if (text[i] == '<' || text[i] == '(' || text[i] == '{') {
      ++depth;
    } else if ((text[i] == '>' && (i == 0 || text[i - 1] != '-')) || text[i] == ')' || text[i] == '}') {
      --depth;
    } else if (text[i] == ' ' && depth == 0) {
      start = i + 1;
    }
  }
  return start;
}

void dropEnding(std::string& text, std::string_view ending) {
  if (text.size() > ending.size() && text.compare(text.size() - ending.size(), ending.size(), ending) == 0) {
    text.resize(text.size() - ending.size());
  }
}

// "#1" of lambdas and unnamed types.
void dropLambdaNumbers(std::string& text) {
  for (auto at = text.find('#'); at != std::string::npos; at = text.find('#', at)) {
    auto end = at + 1;
    while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])) != 0) ++end;
    text.erase(at, end - at);
  }
}

}  // namespace

std::string readableName(std::string_view symbol) {
  const std::string plain(withoutCloneSuffix(symbol));
  if (plain.rfind("_Z", 0) != 0) return plain;
  std::string text = demangled(plain);
  eraseAll(text, "[abi:", ']');
  text = withoutGroups(text, '(', ')');
  for (const auto qualifier : {" const", " &", " &&", " volatile"}) dropEnding(text, qualifier);
  text.erase(0, nameStart(text));
  return isLibraryName(text) || text.size() > kLongName ? stableName(text) : text;
}

std::string stableName(std::string_view readable) {
  std::string text = withoutGroups(readable, '<', '>');
  dropLambdaNumbers(text);
  return text;
}

bool isLibraryName(std::string_view readable) {
  constexpr std::array<std::string_view, 10> kPrefixes{
      "std::",  "__gnu_cxx::", "operator new", "operator delete", "malloc",
      "calloc", "realloc",     "__libc_",      "strdup",          "boost::container::"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return readable.substr(0, prefix.size()) == prefix; });
}

}  // namespace leakgate
