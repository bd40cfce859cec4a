// What changed between two reports of one scenario.
#pragma once

#include <string>
#include <vector>

#include "gate/compare.hpp"
#include "gate/stack_changes.hpp"

namespace leakgate {

/// A finding in the older report, the newer one, or both.
struct FindingChange {
  enum class Fate {
    added,
    grew,  ///< more per event than before
    shrank,
    same,
    gone
  };

  Fate fate = Fate::same;
  const NamedFinding* before = nullptr;  ///< nullptr if added, or if only its text is known: a baseline
  const NamedFinding* after = nullptr;   ///< nullptr if gone
  std::string text;                      ///< of the older one, one line
  double similarity = 1;                 ///< of their call stacks; below 1: something was renamed or moved
};

/// What a function allocates per request, within one allocation scope.
struct PlaceCost {
  Place place;  ///< of its largest site
  double blocks = 0;
  double bytes = 0;
};

/// A function that allocates more or less than before.
struct PlaceChange {
  PlaceCost before;  ///< without a place if the function is new
  PlaceCost after;   ///< without a place if it allocates no more
  double similarity = 1;

  double blocksAdded() const { return after.blocks - before.blocks; }
  double bytesAdded() const { return after.bytes - before.bytes; }
};

/// A step whose median latency changed by a tenth or more. One run of each says little of times: it is shown, and
/// not judged.
struct StepChange {
  std::string step;
  double beforeNs = 0;  ///< median
  double afterNs = 0;

  double percent() const { return 100 * (afterNs / beforeNs - 1); }
};

/// All changes, each list with the worst first.
///
/// Lifetime: points into the reports. The changes of places, with `others`, add up to that of
/// allocations_per_request, as far as both reports measured the same requests.
struct ReportDiff {
  Comparison comparison;
  std::vector<FindingChange> findings;
  std::vector<PlaceChange> places;       ///< only if the allocations can be compared, see diffReports()
  double othersAdded = 0;                ///< blocks per request, by places that a report does not name
  std::vector<PartChanges> stacks;       ///< likewise, where both reports have a profile
  std::vector<StepChange> steps;         ///< in both reports; none if the environments differ
  std::vector<std::string> environment;  ///< what differs: "compiler: GNU C++ 12.2.0, now 13.2.0"

  /// As Comparison::regressed(); a leak that was renamed and grew is a regression as well.
  bool regressed() const;
};

/// Pure. Findings are paired by fingerprint, then by similar call stacks, so a leak whose function was
/// renamed is no new one. Places and stacks are compared if allocations_per_request is the same count in every run, or
/// has changed beyond what it varies.
ReportDiff diffReports(const Report& before, const Report& after);

/// The same with a baseline, which has no places, and of findings only the fingerprints.
ReportDiff diffWithBaseline(const Baseline& before, const Report& after);

}  // namespace leakgate
