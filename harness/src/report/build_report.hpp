// Builds a report from a replay's record and its analysis: names places and gives findings their identity.
#pragma once

#include <string>

#include "analysis/analyse.hpp"
#include "report/finding_stacks.hpp"
#include "report/naming.hpp"
#include "report/report.hpp"

namespace leakgate {

struct BuildOptions {
  std::string reproduce;  ///< command line that repeats the run
  Naming naming;
  UnwoundRun unwound;
  const RunRecord* sampled = nullptr;  ///< a second replay with the same slowdown; nullptr: none
};

/// The gate adds the verdict. Findings with the same lines in their stacks, the same cause and the same step
/// are merged: the compiler duplicates code. A repeated, unwound run that disagrees does not remove a
/// finding.
Report buildReport(const RunRecord& record, const Analysis& analysis, Environment environment,
                   const BuildOptions& options);

/// Identity of a finding over builds: module, function without template arguments and lambda numbers, scope,
/// kind. No addresses, no lines. Uses the site's own place, not its stack, so it is the same at every depth.
std::string findingFingerprint(FindingKind kind, const Place& place);

}  // namespace leakgate
