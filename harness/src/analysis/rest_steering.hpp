// Decides how long a run watches growth without requests, and which rounds of requests follow.
#pragma once

#include "replay/steering.hpp"

namespace leakgate {

/// How long growth is watched without requests, unless it is decided sooner: sessions may live a minute.
inline constexpr double kCoolDownSeconds = 75;

/// How long a small rise is watched for growth without requests.
inline constexpr double kShortLookSeconds = 2.5;

/// The decisions one by one, see Steering.
bool wantsCoolDown(const RunRecord& record);
bool keepsWaiting(const RunRecord& record);
NextRound nextRound(const RunRecord& record);

}  // namespace leakgate
