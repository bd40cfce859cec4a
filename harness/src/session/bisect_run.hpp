// Finds the commit that changed a finding or a metric.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "report/report.hpp"
#include "revisions/commit_gauge.hpp"
#include "revisions/repository.hpp"
#include "session/revision_run.hpp"

namespace leakgate {

struct BisectRequest {
  std::string good;    ///< a full hash; an ancestor of `bad`
  std::string bad;     ///< a full hash
  std::string metric;  ///< "": the largest leak that `bad` has and `good` has not
};

enum class CommitResult { good, bad, notBuilt, notMeasured, undecided };

struct TestedCommit {
  std::string commit;
  CommitResult result = CommitResult::undecided;
  std::vector<double> readings;
  std::string problem;  ///< why there is no result; the first line is a sentence
};

/// The commits between which the change lies, and what was seen there.
struct BisectResult {
  std::optional<CommitGauge> gauge;
  std::optional<CommitLimit> limit;
  std::vector<TestedCommit> tested;  ///< in order of time, each commit once; the ends first
  std::vector<std::string>
      suspects;                  ///< newest first; one if the commit was found, else with the skipped ones
  std::optional<Report> before;  ///< of the commit's parent, built from nothing
  std::optional<Report> after;   ///< of the commit, built from nothing; else of the bad end
  bool confirmed = false;        ///< `before` and `after` agree that it is the commit
  std::string problem;           ///< why it is not confirmed
  bool interrupted = false;
};

/// The bisection's dependencies, so that it can be tested without building.
struct BisectSteps {
  /// Errors: Interrupted; BuildError and any other when the commit has no result.
  std::function<Report(const std::string& commit, BuildFrom from)> measure;
  std::function<std::vector<Suspect>(const std::string& bad, const std::vector<std::string>& good)> suspects;
  std::function<std::string(const std::string& commit)> parentOf;
  /// Called after each commit with the number of commits that are still to be tested, at most.
  std::function<void(const TestedCommit& tested, unsigned left)> tested;
};

/// Measures both ends first, then commit after commit until one is left, then that one and its first parent
/// once more, each built from nothing. A commit that could not be built or measured, or stays undecided after
/// kMaxReadings, is neither good nor bad: it is left out, and stays a suspect where it lies between both.
///
/// A request to stop ends it early (BisectResult::interrupted). Errors: InputError when the ends do not
/// differ; what `measure` throws at an end.
BisectResult bisect(const BisectRequest& request, const BisectSteps& steps);

std::string_view toString(CommitResult result);

}  // namespace leakgate
