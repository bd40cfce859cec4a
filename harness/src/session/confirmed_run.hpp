// A verdict that other runs agree with: what run and gate share.
#pragma once

#include <functional>

#include "report/baseline.hpp"
#include "report/report.hpp"

namespace leakgate {

/// Runs after one that looks worse. All must agree before it fails: a count that differs from a baseline of
/// six runs by chance, at whatever rate, does so in five more with a probability of 1 in 2,000 at most.
inline constexpr unsigned kConfirmRuns = 4;

/// Whether a repeat is extended as the first run was. Counts do not depend on extensions, slowdowns may.
enum class Repeat { planned, extended };

/// Judges the report; while it would pass but for suspects, repeats the run, up to `runs` times. The verdict
/// is that of all runs, and so are the counts' kinds and intervals. A repeat that fails or ends early takes
/// nothing from the runs before: the report becomes a partial one. Errors: InputError of `repeat`.
void judgeConfirmed(Report& report, const Baseline* baseline, unsigned runs,
                    const std::function<Report(Repeat)>& repeat);

}  // namespace leakgate
