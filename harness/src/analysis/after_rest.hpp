// Rounds of requests after the cool-down: whether growth that outlasted it goes on.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// Whether the growth stopped: what a pool holds ready is taken from there after a pause, and a table keeps
/// its size. `work` is what the blocks proved of it. False while the rounds so far are too short to tell.
bool stoppedAfterRest(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// Whether it may be the table of what was given back: it rose by jumps and by bytes alone, and at least as
/// much that rose beside it fell in the cool-down. A deque's map, a hash table's buckets and a vector's
/// capacity stay as large as they were at the peak.
bool maySpanGivenBack(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// Requests of one more round that would tell; 0 when it is decided, or no round would.
std::uint64_t decidingRound(const Growth& growth, const GrowthTable& table, const Judgement& work);

}  // namespace leakgate
