#include "symbols/function_name.hpp"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>

#include "symbols/lambda_name.hpp"
#include "symbols/name_scanner.hpp"
#include "symbols/rust_name.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";

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
// foo.actor (GCC), foo.resume (clang): the body of the coroutine foo.
std::string_view withoutCloneSuffix(std::string_view symbol) {
  constexpr std::array<std::string_view, 12> kSuffixes{".isra.",     ".part.",  ".constprop.", ".cold",
                                                       ".lto_priv.", ".clone.", ".actor",      ".destroy",
                                                       ".resume",    ".llvm.",  ".cleanup",    ".localalias"};
  for (const auto suffix : kSuffixes) symbol = symbol.substr(0, symbol.find(suffix));
  return symbol;
}

// The functions that compilers write to initialize a file's globals.
bool isStaticInitialization(std::string_view name) {
  constexpr std::array<std::string_view, 4> kPrefixes{
      "__static_initialization_and_destruction", "_GLOBAL__sub_I_", "_GLOBAL__I_", "__cxx_global_var_init"};
  return std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&](std::string_view prefix) { return name.starts_with(prefix); });
}

void eraseAll(std::string& text, std::string_view open, char close) {
  for (auto at = text.find(open); at != std::string::npos; at = text.find(open, at)) {
    const auto end = text.find(close, at);
    if (end == std::string::npos) return;
    text.erase(at, end - at + 1);
  }
}

// Drops bracketed groups; keeps "(anonymous namespace)" and operators.
std::string withoutGroups(std::string_view text, char open) {
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
      i = closing(text, i);
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
    } else if (isOpening(text[i])) {
      ++depth;
    } else if (isClosing(text, i)) {
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

// What the standard library's types are called in a program's text.
void spellStandardTypes(std::string& text) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> kSpellings{
      {{"std::__cxx11::", "std::"},
       {"std::__1::", "std::"},
       {"std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string"},
       {"std::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string"},
       {"std::basic_string_view<char, std::char_traits<char> >", "std::string_view"}}};
  for (const auto& [from, to] : kSpellings) {
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
      text.replace(at, from.size(), to);
  }
  constexpr std::string_view kAllocator = ", std::allocator<";
  for (auto at = text.find(kAllocator); at != std::string::npos; at = text.find(kAllocator, at))
    text.erase(at, closing(text, at + kAllocator.size() - 1) - at);
  for (auto at = text.find(" >"); at != std::string::npos; at = text.find(" >", at)) text.erase(at, 1);
}

// "<Journal as Writer>::write" of Rust: the type is the name, the trait an argument.
std::string withoutTrait(std::string_view text) {
  if (!text.starts_with('<')) return std::string(text);
  const std::size_t end = closing(text, 0);
  std::string_view type = text.substr(1, end - 2);
  type = type.substr(0, type.find(" as "));
  return std::string(type) + std::string(text.substr(end));
}

std::string shortened(std::string text) {
  return isLibraryName(text) || text.size() > kLongName ? stableName(text) : text;
}

}  // namespace

std::string readableName(std::string_view symbol) {
  if (isRustSymbol(symbol)) {
    const std::string name = rustName(symbol.substr(0, symbol.find('.')));
    if (!name.empty()) return shortened(name);
  }
  return readableSpelling(demangled(std::string(withoutCloneSuffix(symbol))));
}

std::string readableSpelling(std::string text) {
  if (isStaticInitialization(text)) return "static initialization";
  // Nothing to read in a name of C; "main.(*Server).keep" is Go's.
  if (text.find("::") == std::string::npos && text.find_first_of("<{ ") == std::string::npos &&
      !text.ends_with(')'))
    return text;
  eraseAll(text, "[abi:", ']');
  text = withoutGroups(text, '(');
  for (const auto qualifier : {" const", " &", " &&", " volatile"}) dropEnding(text, qualifier);
  text.erase(0, nameStart(text));
  spellStandardTypes(text);
  return shortened(withLambdasRead(text));
}

std::string stableName(std::string_view readable) {
  return withLambdasRead(withoutGroups(withoutTrait(readable), '<'));
}

bool isLibraryName(std::string_view readable) {
  constexpr std::array<std::string_view, 7> kNamespaces{
      "std::", "__gnu_cxx::", "boost::container::", "__cxxabiv1::", "core::", "alloc::", "hashbrown::"};
  constexpr std::array<std::string_view, 5> kAllocators{"malloc", "calloc", "realloc", "strdup", "strndup"};
  constexpr std::array<std::string_view, 3> kOperators{"operator new", "operator delete", "__libc_"};
  while (readable.starts_with("lambda in ")) readable.remove_prefix(10);
  const auto begins = [&](std::string_view prefix) { return readable.starts_with(prefix); };
  if (readable.starts_with('<')) return isLibraryName(readable.substr(1));
  return std::any_of(kNamespaces.begin(), kNamespaces.end(), begins) ||
         std::any_of(kOperators.begin(), kOperators.end(), begins) ||
         std::find(kAllocators.begin(), kAllocators.end(), readable) != kAllocators.end();
}

}  // namespace leakgate
