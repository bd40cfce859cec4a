// How long a run looks at growth: decided by requests, so that the verdict does not depend on the machine.
#pragma once

#include "replay/steering.hpp"

namespace leakgate {

/// Measured requests up to which linear growth is followed, unless the scenario says another number or has
/// more than half of it planned. A cap beyond them is not seen.
inline constexpr std::uint64_t kFollowRequests = 160'000;

/// How long growth is watched without requests when nothing tells sooner: sessions that live a minute.
inline constexpr double kCoolDownSeconds = 75;

/// How long what rose a little is watched for a rise by itself.
inline constexpr double kShortLookSeconds = 2.5;

/// Follows what grows: adds blocks, cools down, plays rounds. `seeRequests`: so many are measured in any
/// case, and every little rise in them is followed; by default those that the scenario plans.
Steering fullSteering(std::uint64_t seeRequests = 0);

/// For a second replay beside a first one: as many added blocks, and no cool-down.
Steering repeatSteering(unsigned addedBlocks);

/// The decisions one by one, see Steering.
NextBlock nextBlock(const RunRecord& record, std::uint64_t seeRequests = 0);
bool wantsCoolDown(const RunRecord& record);
bool keepsWaiting(const RunRecord& record);
NextRound nextRound(const RunRecord& record);

/// Measured requests that growth which is not decided is followed to, at most.
double undecidedLimit(const RunRecord& record, std::uint64_t seeRequests = 0);

}  // namespace leakgate
