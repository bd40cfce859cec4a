#include "cli/option_checks.hpp"

#include <CLI/CLI.hpp>
#include <charconv>

namespace leakgate {

CLI::Validator notEmpty(const std::string& what) {
  const auto check = [what](const std::string& text) {
    return text.empty() ? "found \"\", expected " + what + "; leave the option out, or give it one" : "";
  };
  return CLI::Validator(check, "", "not empty");
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
