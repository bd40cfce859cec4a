// Thrown when a file or an argument of the user's is wrong: exit code 2, in all of leakgate.
#pragma once

#include <stdexcept>
#include <string>

#include "scenario/printable.hpp"

namespace leakgate {

/// Its message is for the user: file, field or line, what was found, what was expected, and the fix. Text
/// quoted from a file or an argument is made printable().
class InputError : public std::runtime_error {
 public:
  explicit InputError(const std::string& message) : std::runtime_error(printable(message)) {}

  /// "FILE: FIELD: found FOUND, expected EXPECTED; FIX". `field` and `fix` may be empty.
  InputError(const std::string& file, const std::string& field, const std::string& found,
             const std::string& expected, const std::string& fix = "")
      : InputError(file + ": " + (field.empty() ? "" : field + ": ") + "found " + found + ", expected " +
                   expected + (fix.empty() ? "" : "; " + fix)) {}
};

}  // namespace leakgate
