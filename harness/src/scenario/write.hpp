// Writes scenarios as JSON: the inverse of load.hpp.
#pragma once

#include <nlohmann/json.hpp>
#include <ostream>
#include <string>

#include "scenario/scenario.hpp"

namespace leakgate {

/// The file's content. Fields of a step with their default value are left out; parseScenario() of it gives an
/// equal scenario.
nlohmann::ordered_json toJson(const Scenario& scenario);

/// Writes toJson() for people: one line per step.
void writeScenario(std::ostream& out, const Scenario& scenario);

/// Hash of everything that affects the replay: target, load and steps, but not name, description and budgets.
/// 16 hex digits, FNV-1a 64.
std::string scenarioHash(const Scenario& scenario);

}  // namespace leakgate
