// Rounds of requests after the cool-down: whether growth that outlasted it continues.
#pragma once

#include "analysis/judgement.hpp"

namespace leakgate {

/// Whether the growth stopped: after a pause a pool serves from its free objects, and a table keeps its size.
/// `work`: what the blocks proved about it. False while the rounds so far are too short to decide.
bool stoppedAfterRest(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// Whether it may be the table of entries that were given back: it rose in jumps and only in bytes, and at
/// least as much that rose beside it fell in the cool-down. A deque's map, a hash table's buckets and a
/// vector's capacity stay as large as they were at the peak.
bool maySpanGivenBack(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// Requests of one more round that would decide; 0 when it is decided, or no round would decide.
std::uint64_t decidingRound(const Growth& growth, const GrowthTable& table, const Judgement& work);

}  // namespace leakgate
