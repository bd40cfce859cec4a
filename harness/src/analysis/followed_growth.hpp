// Which growths a run is made longer for.
#pragma once

#include <vector>

#include "analysis/course.hpp"

namespace leakgate {

/// Whether it can become a finding.
bool isFollowed(const Growth& growth, const RunRecord& record);

/// The growths that are worth a cool-down. A runtime's own memory changes at will, and is worth one only when
/// it would be reported: in proportion to the work, and large. They point into `table`.
std::vector<const Growth*> watchedGrowths(const GrowthTable& table, const RunRecord& record);

/// Whether a few units stayed: the start of a rare leak, or first-time allocations.
bool roseALittle(const Growth& growth);

}  // namespace leakgate
