// Judges growth over the work.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// Uses only the run's blocks, and the readings within added ones.
Judgement judgeWork(const Growth& growth, const GrowthTable& table);

/// Whether the readings so far make it likely that a rise hides in noise: more readings would decide.
bool likelyRises(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
