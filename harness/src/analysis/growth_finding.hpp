// From a judged growth to what a report says of it.
#pragma once

#include "analysis/finding.hpp"
#include "analysis/judgement.hpp"

namespace leakgate {

/// Of growth that was proved.
Finding toFinding(const Growth& growth, const GrowthTable& table, const Judgement& judgement);

/// Of growth that was not, and that moved.
Observation toObservation(const Growth& growth, const Judgement& judgement);

}  // namespace leakgate
