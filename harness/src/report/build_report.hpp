// From a replay's record and its analysis to a report: names places and gives findings their identity.
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
  const RunRecord* sampled = nullptr;  ///< a second replay, which has the slowdown too; nullptr: none
};

/// The verdict is left to the gate. Findings with the same lines in their stacks, the same cause and step are
/// one: the compiler copies code. A repeated, unwound run that disagrees does not take a finding back.
Report buildReport(const RunRecord& record, const Analysis& analysis, Environment environment,
                   const BuildOptions& options);

/// Identity of a finding over builds: module, function without template arguments and lambda numbers, scope,
/// kind. No addresses, no lines. Of the site's own place, not of its stack: the same at every depth.
std::string findingFingerprint(FindingKind kind, const Place& place);

}  // namespace leakgate
