// Splits the growth of an allocation site into parts: a site is one address, often in the standard library,
// through which several places of a program may leak.
#pragma once

#include <vector>

#include "report/finding_stacks.hpp"
#include "report/report.hpp"

namespace leakgate {

/// The stacks with the same line to blame.
struct StackGroup {
  Place place;
  std::vector<NamedStack> stacks;  ///< the largest first
  Series blocks;
  Series bytes;
};

/// Groups stacks by the line to blame, the largest group first; without lines by function, without functions
/// by address.
std::vector<StackGroup> groupStacks(std::vector<NamedStack> stacks, const std::string& scope);

/// Splits a finding of a site into one finding for each growing line, with the cause that the unwound run
/// proves for it, else with the site's. Returns the finding itself if fewer than two lines are proved to
/// grow, or if together they grow more than the site did: then one of them stops later.
///
/// A part has its group's place and stacks, and a fingerprint by place; `site` is the fingerprint of the
/// site. `events`: those that the site's growth followed, in the unwound run.
std::vector<NamedFinding> partsOf(const NamedFinding& whole, const std::vector<StackGroup>& groups,
                                  const UnwoundRun& run, std::uint64_t events);

/// The lines that share a finding's growth: the lines to blame if they differ, else their callers. Empty for
/// a single one.
std::vector<GrowingLine> growingLines(const std::vector<StackGroup>& groups);

}  // namespace leakgate
