// What goes on while nothing is asked: growth that follows time.
#pragma once

#include <optional>

#include "analysis/judgement.hpp"

namespace leakgate {

/// Growth at one rate through the idle time; nothing when there is none, or when `work`, what the requests
/// prove, is more than time explains.
std::optional<Judgement> judgeTime(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// What a timer brought up to some number, which the run's requests had nothing to do with.
bool stoppedByTime(const Growth& growth, const GrowthTable& table);

/// Rose while idle, at the last reading too.
bool risesWhileIdle(const Growth& growth);

}  // namespace leakgate
