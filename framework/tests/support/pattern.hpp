// Whether a text has a form. POSIX's regex: std::regex makes GCC 12 warn of its own insides under sanitizers.
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
