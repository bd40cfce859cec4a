// Matches a text with a pattern. POSIX's regex: std::regex makes GCC 12 warn about its internals under
// sanitizers.
#pragma once

#include <regex.h>

#include <stdexcept>
#include <string>

namespace h3::test {

/// Whether the whole text matches a POSIX extended pattern.
inline bool matches(const std::string& text, const std::string& pattern) {
  regex_t compiled;
  if (::regcomp(&compiled, ("^(" + pattern + ")$").c_str(), REG_EXTENDED | REG_NOSUB) != 0)
    throw std::invalid_argument("not a pattern: " + pattern);
  const bool found = ::regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  ::regfree(&compiled);
  return found;
}

}  // namespace h3::test
