// The call stacks by which findings grow.
#pragma once

#include <span>

#include "analysis/analyse.hpp"
#include "report/naming.hpp"

namespace leakgate {

/// A replay that was unwound: the run itself at depth stacks, or its repetition.
struct UnwoundRun {
  const RunRecord* record = nullptr;  ///< nullptr: there is none
  const Analysis* analysis = nullptr;
  bool repeated = false;  ///< a second replay, which may agree with the first or not
};

/// Adds the stacks of each finding that has a place, the largest first, and names the finding by the largest.
/// The fingerprint stays that of the site. At most kMaxStacks a finding and kMaxFrames a report.
void addStacks(std::span<NamedFinding> findings, const UnwoundRun& run, const Naming& naming);

}  // namespace leakgate
