#include "cli/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <charconv>

namespace leakgate {

CLI::Validator notEmpty(const std::string& what) {
  const auto check = [what](const std::string& text) {
    return text.empty() ? "found \"\", expected " + what + "; leave the option out, or give it one" : "";
  };
  return CLI::Validator(check, "", "not empty");
}

CLI::Validator oneLine(const std::string& what, std::size_t maxBytes) {
  const auto check = [what, maxBytes](const std::string& text) -> std::string {
    const bool isBlank = text.find_first_not_of(' ') == std::string::npos;
    const bool hasControls = std::any_of(
        text.begin(), text.end(), [](char c) { return std::iscntrl(static_cast<unsigned char>(c)) != 0; });
    if (!isBlank && !hasControls && text.size() <= maxBytes) return "";
    const std::string found = isBlank       ? "nothing"
                              : hasControls ? "control characters"
                                            : std::to_string(text.size()) + " bytes";
    return "found " + found + ", expected " + what + " in one line, of at most " + std::to_string(maxBytes) +
           " bytes";
  };
  return CLI::Validator(check, "", "one line");
}

CLI::Validator wholeNumber(std::uint64_t min, std::uint64_t max) {
  const auto check = [min, max](const std::string& text) -> std::string {
    std::uint64_t value = 0;
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    if (parsed.ec == std::errc() && parsed.ptr == end && value >= min && value <= max) return "";
    return "found \"" + text + "\", expected a whole number from " + std::to_string(min) + " to " +
           std::to_string(max);
  };
  return CLI::Validator(check, "", "whole number");
}

}  // namespace leakgate
