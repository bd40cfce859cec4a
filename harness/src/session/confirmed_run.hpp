// Confirms a verdict by other runs, for `run` and `gate`.
#pragma once

#include <functional>

#include "report/baseline.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Repeats of a run that looks worse. All must agree before it fails: a count that differs by chance from a
/// baseline of six runs, at any rate, does so in five more with a probability of at most 1 in 2,000.
inline constexpr unsigned kConfirmRuns = 4;

/// Whether a repeat is extended as the first run was. Counts do not depend on extensions, slowdowns may.
enum class Repeat { planned, extended };

/// Judges the report; while only suspects keep it from passing, repeats the run, up to `runs` times. The
/// verdict, and the counts' kinds and intervals, are those of all runs. A repeat that fails or ends early
/// does not affect the runs before: the report becomes partial. Errors: InputError of `repeat`.
void judgeConfirmed(Report& report, const Baseline* baseline, unsigned runs,
                    const std::function<Report(Repeat)>& repeat);

}  // namespace leakgate
