// What accept measures again before a report becomes a baseline.
#pragma once

#include <string>

#include "session/measure.hpp"

namespace leakgate {

/// Runs of accept by default, after the report's own.
inline constexpr unsigned kAcceptRepeats = 5;

/// Replays the report's scenario `repeats` times, every second time with all cores busy, and writes what came
/// of it into the report's counts: exact only where all runs agree. Stops after a minute, but not before the
/// second.
///
/// Returns "" or why the runs are not of the report's target: its program was built anew meanwhile.
/// Errors: MeasureError, Interrupted, InputError as replay().
std::string measureAgain(Report& report, unsigned repeats, const Measurer& measurer, std::stop_token stop,
                         Progress& progress);

}  // namespace leakgate
