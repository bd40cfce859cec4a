// One step of a scenario file, from and to JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "scenario/scenario.hpp"

namespace leakgate {

/// `path`: the step's place in the file, "steps[2]". Types and ranges are checked here, the meaning in
/// check.cpp. Errors: InputError.
Step readStep(const nlohmann::ordered_json& json, const std::string& path, const std::string& fileName);

/// The inverse; fields that have their default are left out.
nlohmann::ordered_json stepToJson(const Step& step);

}  // namespace leakgate
