// The parts of an allocation site's growth: a site is one address, often in the standard library, through
// which several places of a program may leak.
#pragma once

#include <vector>

#include "report/finding_stacks.hpp"
#include "report/report.hpp"

namespace leakgate {

/// The stacks that one line is to blame for.
struct StackGroup {
  Place place;
  std::vector<NamedStack> stacks;  ///< the largest first
  Series blocks;
  Series bytes;
};

/// Stacks by the line to blame, the largest group first. Without lines functions count, without functions
/// addresses.
std::vector<StackGroup> groupStacks(std::vector<NamedStack> stacks, const std::string& scope);

/// A finding of a site as one finding for each line that grows, with the cause that the unwound run proves
/// for it; otherwise with the site's. Only the finding itself where fewer than two lines are proved to grow,
/// or where together they grow more than the site did: then one of them stops later.
///
/// A part has its group's place and stacks, and a fingerprint by place; `site` is the fingerprint of the
/// site. `events`: of the unwound run, that the site's growth followed.
std::vector<NamedFinding> partsOf(const NamedFinding& whole, const std::vector<StackGroup>& groups,
                                  const UnwoundRun& run, std::uint64_t events);

/// The lines that share a finding's growth: those to blame where they differ, else their callers. Empty for
/// one.
std::vector<GrowingLine> growingLines(const std::vector<StackGroup>& groups);

}  // namespace leakgate
