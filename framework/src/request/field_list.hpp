// Elements of list fields, whose parameters may have quoted commas (RFC 9110 5.6.1).
#pragma once

#include <cstddef>
#include <string_view>

#include "protocol/field_text.hpp"

namespace h3 {

/// Where the first `separator` outside of quotes is; text.size() when there is none.
inline std::size_t findUnquoted(std::string_view text, char separator) noexcept {
  bool isQuoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') isQuoted = !isQuoted;
    if (isQuoted && text[i] == '\\') ++i;
    if (!isQuoted && text[i] == separator) return i;
  }
  return text.size();
}

/// Calls `visit` with each element, trimmed; empty ones are left out.
template <class Visit>
void forEachQuotedElement(std::string_view list, Visit&& visit) {
  while (!list.empty()) {
    const std::size_t end = findUnquoted(list, ',');
    const std::string_view element = protocol::trimBlanks(list.substr(0, end));
    if (!element.empty()) visit(element);
    list.remove_prefix(end == list.size() ? end : end + 1);
  }
}

}  // namespace h3
