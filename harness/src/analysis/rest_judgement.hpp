// Judges the remainder after a cool-down: growth that was given back, and a leak beneath it.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// For growth that fell: given back, or a remainder after cool-downs in proportion to the requests between
/// them.
Judgement judgeRest(const Growth& growth, const GrowthTable& table);

/// Whether the work left open what remains: it still rose at the end, or a leak could hide in its noise.
bool mayRemain(const Growth& growth);

/// Whether the growth was given back, at least in part, without requests.
bool fell(const Growth& growth);

/// Whether the remainder is as large as a leak beneath would leave, and not yet decided: another round of
/// requests and a cool-down would decide.
bool leavesRest(const Growth& growth, const GrowthTable& table);

/// The same whether or not it fell while idle: objects may have expired before the last checkpoint was read.
bool remainsUndecided(const Growth& growth, const GrowthTable& table);

/// Whether blocks went up and down with the work, and did not fall while idle: what is left may be chance, or
/// a leak beneath others that had just gone. kNoisyRounds short rounds decide.
bool keepsNoisyRest(const Growth& growth);

inline constexpr std::size_t kNoisyRounds = 3;

/// For growth with keepsNoisyRest(): a leak when each of the rounds added what the requests before them make
/// expected, else as the work was judged.
Judgement judgeNoisyRest(const Growth& growth, const GrowthTable& table, Judgement work);

/// Whether one more round is needed: what is left is large enough, and all rounds so far have added to it.
bool noisyRestIsUndecided(const Growth& growth, const GrowthTable& table);

}  // namespace leakgate
