// What a scenario asks less of its target than before. Pure.
#pragma once

#include <vector>

#include "report/baseline.hpp"

namespace leakgate {

/// Steps and expectations that are gone, fewer requests or connections, another command of the target: each can
/// hide a leak without touching a budget or a baseline.
std::vector<Loosening> loosenedWorkload(const Scenario& before, const Scenario& after);

}  // namespace leakgate
