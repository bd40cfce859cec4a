// Small grammar of field values (RFC 9110 5.6): tokens and lists.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace h3::protocol {

/// Without spaces and tabs at both ends.
inline std::string_view trimBlanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Calls `visit` with each element of a comma-separated list, trimmed; empty elements are left out.
template <class Visit>
void forEachListElement(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    const std::string_view element = trimBlanks(list.substr(0, comma));
    if (!element.empty()) visit(element);
    if (comma == std::string_view::npos) return;
    list.remove_prefix(comma + 1);
  }
}

namespace detail {
constexpr std::array<bool, 256> makeTokenBytes() {
  std::array<bool, 256> table{};
  for (unsigned c = '0'; c <= '9'; ++c) table[c] = true;
  for (unsigned c = 'a'; c <= 'z'; ++c) table[c] = table[c - 0x20] = true;
  for (const char c : std::string_view("!#$%&'*+-.^_`|~")) table[static_cast<unsigned char>(c)] = true;
  return table;
}
inline constexpr auto kTokenBytes = makeTokenBytes();
}  // namespace detail

/// RFC 9110 5.6.2.
inline bool isTokenByte(char c) { return detail::kTokenBytes[static_cast<unsigned char>(c)]; }

}  // namespace h3::protocol
