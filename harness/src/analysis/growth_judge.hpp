// Which of a run's growths are findings, one after the other: what one explains, another does not claim.
#pragma once

#include "analysis/analyse.hpp"

namespace leakgate {

/// Adds the findings and observations of all growths: objects of the kernel, heap, then descriptors, threads
/// and mappings beyond what those bring along.
void judgeGrowths(Analysis& analysis, const RunRecord& record);

}  // namespace leakgate
