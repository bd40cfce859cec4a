// Repeats a report's measurement for accept, before it becomes a baseline.
#pragma once

#include <string>

#include "session/measure.hpp"

namespace leakgate {

/// Default number of repeats, after the report's own run.
inline constexpr unsigned kAcceptRepeats = 5;

/// Replays the report's scenario `repeats` times, every second time with all cores busy, and updates the
/// report's counts: exact only if all runs agree. Stops after a minute, but not before the second repeat.
///
/// Returns "", or why the runs are not of the report's target: its program was rebuilt meanwhile. Errors:
/// MeasureError, Interrupted, InputError as replay().
std::string measureAgain(Report& report, unsigned repeats, const Measurer& measurer, std::stop_token stop,
                         Progress& progress);

}  // namespace leakgate
