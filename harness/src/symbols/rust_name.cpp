#include "symbols/rust_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "symbols/rust_v0_name.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kHashLength = 17;  // "h" and 16 digits

bool isHash(std::string_view text) {
  return text.size() == kHashLength && text[0] == 'h' &&
         std::all_of(text.begin() + 1, text.end(), [](unsigned char c) { return std::isxdigit(c) != 0; });
}

bool isLegacy(std::string_view symbol) {
  return symbol.size() > kHashLength + 6 && symbol.starts_with("_ZN") && symbol.ends_with('E') &&
         isHash(symbol.substr(symbol.size() - 1 - kHashLength, kHashLength)) &&
         symbol.substr(symbol.size() - 3 - kHashLength, 2) == "17";
}

// "$LT$" and the like in an identifier of the legacy scheme.
std::string unescaped(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kEscapes{{{"$LT$", "<"},
                                                                                    {"$GT$", ">"},
                                                                                    {"$RF$", "&"},
                                                                                    {"$BP$", "*"},
                                                                                    {"$LP$", "("},
                                                                                    {"$RP$", ")"},
                                                                                    {"$C$", ","},
                                                                                    {"$u20$", " "},
                                                                                    {"$u7b$", "{"},
                                                                                    {"$u7d$", "}"},
                                                                                    {"$u5b$", "["},
                                                                                    {"$u5d$", "]"},
                                                                                    {"$u27$", "'"},
                                                                                    {"..", "::"}}};
  if (name.starts_with("_$")) name.remove_prefix(1);
  std::string text;
  while (!name.empty()) {
    const auto escape = std::find_if(kEscapes.begin(), kEscapes.end(),
                                     [&](const auto& known) { return name.starts_with(known.first); });
    text += escape != kEscapes.end() ? escape->second : name.substr(0, 1);
    name.remove_prefix(escape != kEscapes.end() ? escape->first.size() : 1);
  }
  return text;
}

std::string legacyName(std::string_view parts) {
  std::string text;
  while (!parts.empty() && parts[0] != 'E') {
    std::size_t length = 0;
    const auto [stop, error] = std::from_chars(parts.data(), parts.data() + parts.size(), length);
    if (error != std::errc()) return "";
    parts.remove_prefix(static_cast<std::size_t>(stop - parts.data()));
    if (length > parts.size()) return "";
    const std::string_view name = parts.substr(0, length);
    parts.remove_prefix(length);
    if (isHash(name) && parts == "E") break;
    text += (text.empty() ? "" : "::") + unescaped(name);
  }
  return text;
}

}  // namespace

bool isRustSymbol(std::string_view symbol) {
  const bool v0 = symbol.size() > 3 && symbol.starts_with("_R") &&
                  (std::isupper(static_cast<unsigned char>(symbol[2])) != 0);
  return v0 || isLegacy(symbol);
}

std::string rustName(std::string_view symbol) {
  if (isLegacy(symbol)) return legacyName(symbol.substr(3));
  return rustV0Name(symbol.substr(2));
}

}  // namespace leakgate
