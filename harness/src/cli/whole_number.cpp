#include "cli/whole_number.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <string>

namespace leakgate {

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
