// Adds to findings the call stacks by which they grow.
#pragma once

#include <vector>

#include "analysis/analyse.hpp"
#include "report/naming.hpp"

namespace leakgate {

/// A replay that was unwound: the run itself at depth stacks, or its repetition.
struct UnwoundRun {
  const RunRecord* record = nullptr;  ///< nullptr: none
  const Analysis* analysis = nullptr;
  bool repeated = false;  ///< it is a second replay, which may agree with the first or not
};

/// Adds the stacks of each finding that has a place, the largest first, and names the finding by the line to
/// blame for most of its growth. A site through which several lines grow becomes one finding per line, see
/// partsOf(); otherwise the fingerprint stays that of the site. At most kMaxStacks per finding, kMaxFrames
/// and kMaxFindings per report.
void addStacks(std::vector<NamedFinding>& findings, const UnwoundRun& run, const Naming& naming);

}  // namespace leakgate
