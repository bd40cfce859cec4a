// Decides how long a run follows growth: by requests, so that the verdict does not depend on the machine.
#pragma once

#include "analysis/rest_steering.hpp"
#include "replay/steering.hpp"

namespace leakgate {

/// Measured requests up to which linear growth is followed, unless the scenario sets another number or plans
/// more than half of it. A limit beyond them is not found.
inline constexpr std::uint64_t kFollowRequests = 160'000;

/// Follows growth: adds blocks, cools down, adds rounds. `seeRequests`: at least this many are measured, and
/// every small rise in them is followed; by default the planned ones.
Steering fullSteering(std::uint64_t seeRequests = 0);

/// For a second replay: as many added blocks as in the first one, and no cool-down unless it `rests`.
Steering repeatSteering(unsigned addedBlocks, bool rests = false);

/// See Steering::nextBlock. The decisions of the other parts are in rest_steering.hpp.
NextBlock nextBlock(const RunRecord& record, std::uint64_t seeRequests = 0);

/// Measured requests up to which undecided growth is followed, at most.
double undecidedLimit(const RunRecord& record, std::uint64_t seeRequests = 0);

}  // namespace leakgate
