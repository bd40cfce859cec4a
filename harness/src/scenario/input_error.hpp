// A file or an argument that the user wrote is wrong: exit code 2, in all of leakgate.
#pragma once

#include <stdexcept>
#include <string>

namespace leakgate {

/// Its message is for the user: file, field or line, what was found, what was expected, and the fix.
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(message) {}

  /// "FILE: FIELD: found FOUND, expected EXPECTED; FIX". `field` and `fix` may be empty.
  InputError(const std::string& file, const std::string& field, const std::string& found,
             const std::string& expected, const std::string& fix = "")
      : std::runtime_error(file + ": " + (field.empty() ? "" : field + ": ") + "found " + found +
                           ", expected " + expected + (fix.empty() ? "" : "; " + fix)) {}
};

}  // namespace leakgate
