// Judges a report by the scenario's budgets and perhaps a baseline. Pure.
#pragma once

#include <vector>

#include "report/baseline.hpp"
#include "report/report.hpp"
#include "report/verdict.hpp"

namespace leakgate {

/// Judges one run. In this order of weight:
///
/// - bad input: the baseline is of another version of the scenario and must be accepted again, or it lacks
///   metrics that every baseline has.
/// - cannot measure: the shim dropped events, a snapshot was inconsistent, there was no response, or a budget
///   names a metric that the run lacks.
/// - fail: growth of heap, descriptors, threads or mappings, unless within a budget above 0 for that metric;
///   an unexpected response.
/// - suspect: a metric beyond its budget, or without a budget worse than in the baseline (an exact count by
///   however little, a spread beyond its tolerance); a slowdown. One run never fails by these: see confirm().
/// - times only: none of these, without the shim.
///
/// A metric with a budget is judged only by the budget, one without only by the baseline.
Verdict judge(const Report& report, const Baseline* baseline);

/// The verdict after repeated runs: suspects of all runs become failures, the others notes. `first`: of a
/// report whose counts include the repeats, see addRepeats(). Precondition: `repeats` is not empty.
Verdict confirm(Verdict first, const std::vector<Verdict>& repeats);

}  // namespace leakgate
