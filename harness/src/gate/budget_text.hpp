// Writes a budget for people.
#pragma once

#include <string>

#include "scenario/scenario.hpp"

namespace leakgate {

/// "at most 3 blocks", "at least 99 %", "exactly 0 B"; "" without limits. `unit`: of the metric.
std::string budgetText(const Budget& budget, const std::string& unit);

}  // namespace leakgate
