#include "cli/option_checks.hpp"

#include <CLI/CLI.hpp>

namespace leakgate {

CLI::Validator notEmpty(const std::string& what) {
  const auto check = [what](const std::string& text) {
    return text.empty() ? "found \"\", expected " + what + "; leave the option out, or give it one" : "";
  };
  return CLI::Validator(check, "", "not empty");
}

}  // namespace leakgate
