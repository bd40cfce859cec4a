// After a finding: short experiments that tell what the growth follows.
#pragma once

#include <chrono>

#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/report.hpp"

namespace leakgate {

inline constexpr unsigned kTriggerSeconds = 20;  ///< by default, together

/// Whether there is anything to ask experiments about: a finding that is growth, judged a failure.
bool wantsTrigger(const Report& report);

/// Plays each step alone, then one thing changed at a time, all against one process of the report's target,
/// and concludes for each finding what it follows. Takes `limit` at most, but for the start of the
/// target and one waiting for it to stand still. What goes wrong is in the result's notes. Errors:
/// Interrupted.
TriggerReport runTrigger(const Report& report, ReplayOptions options, std::chrono::milliseconds limit,
                         Progress& progress);

}  // namespace leakgate
