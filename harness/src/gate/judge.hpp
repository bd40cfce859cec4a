// A report, the scenario's budgets and perhaps a baseline in, a verdict out. Pure.
#pragma once

#include <vector>

#include "report/baseline.hpp"
#include "report/report.hpp"
#include "report/verdict.hpp"

namespace leakgate {

/// Judges one run. In this order of weight:
///
/// - bad input: the baseline is of another scenario. It is stale; nothing can be said until it is accepted
/// anew.
///   Or it lacks metrics that every baseline has.
/// - cannot measure: the shim dropped events, a snapshot was inconsistent, no answer came, or a budget names
///   a metric that the run lacks.
/// - fail: growth of heap, descriptors, threads or mappings, unless a budget allows that metric more than 0
///   and it kept to it; an answer that was not expected.
/// - suspect: a metric beyond its budget, or without a budget worse than in the baseline (an exact count by
///   however little, a spread beyond its tolerance); a slowdown. One run never fails by these: see confirm().
/// - times only: nothing of these, without the shim.
///
/// A metric with a budget is judged by the budget alone, one without by the baseline.
Verdict judge(const Report& report, const Baseline* baseline);

/// The verdict after repeated runs: suspects that every run shares become failures, the others notes.
/// `first` is of a report that has what the repeats say of its counts, see addRepeats().
/// Precondition: `repeats` is not empty.
Verdict confirm(Verdict first, const std::vector<Verdict>& repeats);

}  // namespace leakgate
