// What is left after a cool-down: growth that was given back, and the leak beneath it.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// Of growth that fell: given back, or what cool-downs leave in proportion to the requests between them.
Judgement judgeRest(const Growth& growth, const GrowthTable& table);

/// Growth that was seen to be given back, in part at least, when nothing more was asked.
bool fell(const Growth& growth);

/// What is left of growth that fell is as much as a leak beneath would leave, and not yet decided: another
/// round of requests and a cool-down would tell.
bool leavesRest(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
