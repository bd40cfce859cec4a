// What growth over the work proves.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// Over the work alone: what the run's blocks, and the readings within added ones, prove.
Judgement judgeWork(const Growth& growth, const GrowthTable& table);

/// Whether the readings so far make it likely that a rise hides in noise: more of them would tell.
bool likelyRises(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
