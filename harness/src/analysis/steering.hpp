// Decides how long a run follows growth: by requests, so that the verdict does not depend on the machine.
#pragma once

#include "replay/steering.hpp"

namespace leakgate {

/// Measured requests up to which linear growth is followed, unless the scenario sets another number or plans
/// more than half of it. A limit beyond them is not found.
inline constexpr std::uint64_t kFollowRequests = 160'000;

/// How long growth is watched without requests, unless it is decided sooner: sessions may live a minute.
inline constexpr double kCoolDownSeconds = 75;

/// How long a small rise is watched for growth without requests.
inline constexpr double kShortLookSeconds = 2.5;

/// Follows growth: adds blocks, cools down, adds rounds. `seeRequests`: at least this many are measured, and
/// every small rise in them is followed; by default the planned ones.
Steering fullSteering(std::uint64_t seeRequests = 0);

/// For a second replay: as many added blocks as in the first one, and no cool-down unless it `rests`.
Steering repeatSteering(unsigned addedBlocks, bool rests = false);

/// The decisions one by one, see Steering.
NextBlock nextBlock(const RunRecord& record, std::uint64_t seeRequests = 0);
bool wantsCoolDown(const RunRecord& record);
bool keepsWaiting(const RunRecord& record);
NextRound nextRound(const RunRecord& record);

/// Measured requests up to which undecided growth is followed, at most.
double undecidedLimit(const RunRecord& record, std::uint64_t seeRequests = 0);

}  // namespace leakgate
