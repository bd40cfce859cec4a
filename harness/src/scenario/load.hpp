// Reads and checks scenario files.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "scenario/input_error.hpp"
#include "scenario/limits.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// Reads and checks a scenario file. Sets `file` and `hash`.
/// Errors: InputError.
Scenario loadScenario(const std::filesystem::path& file);

/// The same from text; `fileName` is used in messages and as Scenario::file.
/// Errors: InputError.
Scenario parseScenario(std::string_view json, std::string fileName);

}  // namespace leakgate
