// Converts a judged growth to a finding or an observation.
#pragma once

#include "analysis/finding.hpp"
#include "analysis/judgement.hpp"

namespace leakgate {

/// For proved growth.
Finding toFinding(const Growth& growth, const GrowthTable& table, const Judgement& judgement);

/// For growth that was not proved, but changed.
Observation toObservation(const Growth& growth, const Judgement& judgement);

}  // namespace leakgate
