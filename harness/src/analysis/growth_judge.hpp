// Decides which growths of a run are findings. What one finding explains, no other one reports again.
#pragma once

#include "analysis/analyse.hpp"

namespace leakgate {

/// Adds the findings and observations of all growths: kernel objects, heap, then descriptors, threads and
/// mappings that do not come with those.
void judgeGrowths(Analysis& analysis, const RunRecord& record);

}  // namespace leakgate
