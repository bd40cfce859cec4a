// The call stacks by which findings grow.
#pragma once

#include <vector>

#include "analysis/analyse.hpp"
#include "report/naming.hpp"

namespace leakgate {

/// A replay that was unwound: the run itself at depth stacks, or its repetition.
struct UnwoundRun {
  const RunRecord* record = nullptr;  ///< nullptr: there is none
  const Analysis* analysis = nullptr;
  bool repeated = false;  ///< a second replay, which may agree with the first or not
};

/// Adds the stacks of each finding that has a place, the largest first, and names the finding by the line
/// that most of its growth is to be blamed on. A site through which several lines grow becomes a finding for
/// each, see partsOf(); otherwise the fingerprint stays that of the site. At most kMaxStacks a finding,
/// kMaxFrames and kMaxFindings a report.
void addStacks(std::vector<NamedFinding>& findings, const UnwoundRun& run, const Naming& naming);

}  // namespace leakgate
