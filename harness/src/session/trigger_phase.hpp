// Runs short experiments after a finding, to find out what the growth follows.
#pragma once

#include <chrono>

#include "replay/progress.hpp"
#include "replay/runner.hpp"
#include "report/report.hpp"

namespace leakgate {

inline constexpr unsigned kTriggerSeconds = 20;  ///< default limit for all of them

/// Whether experiments can explain something: the report fails and has a finding of growth.
bool wantsTrigger(const Report& report);

/// Runs each step alone, then changes one thing at a time, all against one process of the report's target,
/// and concludes for each finding what it follows. Takes at most `limit`, plus the start of the target and
/// one wait for it to stand still. Problems are in the result's notes. Errors: Interrupted.
TriggerReport runTrigger(const Report& report, ReplayOptions options, std::chrono::milliseconds limit,
                         Progress& progress);

}  // namespace leakgate
