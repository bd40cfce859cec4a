// Checks the claims of an inference against the table, by rules that do not share infer()'s reasoning.
#pragma once

#include <string>
#include <vector>

#include "trigger/inference.hpp"

namespace leakgate {

/// Describes claims that the table does not support; empty: none.
std::vector<std::string> contradictions(const TriggerTable& table, const TriggerInference& inference);

}  // namespace leakgate
