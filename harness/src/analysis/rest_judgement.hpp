// Judges the remainder after a cool-down: growth that was given back, and a leak beneath it.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// For growth that fell: given back, or a remainder after cool-downs in proportion to the requests between
/// them.
Judgement judgeRest(const Growth& growth, const GrowthTable& table);

/// Whether the work left open what remains: it still rose at the end, or fell at times and ended above "warm".
bool mayRemain(const Growth& growth);

/// Whether the growth was given back, at least in part, without requests.
bool fell(const Growth& growth);

/// Whether the remainder is as large as a leak beneath would leave, and not yet decided: another round of
/// requests and a cool-down would decide.
bool leavesRest(const Growth& growth, const GrowthTable& table);

/// The same whether or not it fell while idle: objects may have expired before the last checkpoint was read.
bool remainsUndecided(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
