// Judges growth without requests: growth that follows time.
#pragma once

#include <optional>

#include "analysis/judgement.hpp"

namespace leakgate {

/// Growth at one rate through the idle time; nothing when there is none, or when `work`, the result over the
/// requests, is more than time explains.
std::optional<Judgement> judgeTime(const Growth& growth, const GrowthTable& table, const Judgement& work);

/// Whether a timer caused the growth up to some number, independently of the requests.
bool stoppedByTime(const Growth& growth, const GrowthTable& table);

/// Whether it rose while idle, including at the last reading.
bool risesWhileIdle(const Growth& growth);

}  // namespace leakgate
