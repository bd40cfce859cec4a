// Compares leakgate's report on a specimen with the manifest.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

/// Whether `whole` contains all of `part`. Numbers must be equal, not near, because they are counts. An array
/// includes another when each element of that is included in one of its own.
bool includes(const nlohmann::json& whole, const nlohmann::json& part);

/// The findings of a report, each with the conclusion of the trigger experiments about it as its field
/// "trigger".
std::vector<nlohmann::json> findingsOf(const nlohmann::json& report);

/// Everything in which the findings differ from the wanted ones, in words; empty when they are as wanted.
std::vector<std::string> differences(const std::vector<nlohmann::json>& wanted,
                                     const std::vector<nlohmann::json>& found);

/// What the report's line says of a finding: "heap, rememberVisit, +1 blocks, +56 B per request of step
/// visit".
std::string summaryOf(const nlohmann::json& finding);
