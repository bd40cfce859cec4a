// What every option with a text takes.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace leakgate {

/// Takes any text but "": as when a script's variable is empty, which must not mean that the option was not
/// given. `what`: "a file", "a command".
CLI::Validator notEmpty(const std::string& what);

}  // namespace leakgate
