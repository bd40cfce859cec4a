// Measures and judges all scenarios of a gate, one after the other; a failure of one does not stop the
// others.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "report/report.hpp"
#include "session/base_revision.hpp"
#include "session/confirmed_run.hpp"

namespace leakgate {

struct GatePlan {
  std::vector<std::filesystem::path> scenarios;
  std::filesystem::path baselinesDirectory;
  std::filesystem::path reportsDirectory;
  unsigned confirmRuns = kConfirmRuns;  ///< repeats of a scenario that looks worse; all must agree
  bool wholeFolder = false;             ///< every baseline must have a scenario
  std::vector<std::filesystem::path> elsewhere = {};  ///< scenarios that other shards measure
  const BaseRevision* base = nullptr;          ///< what is looser than there fails; nullptr: not compared
  std::vector<Suppression> suppressions = {};  ///< of this gate, to compare with the base's
  bool allowLoosened = false;                  ///< it is told, and fails nothing
  std::stop_token stop = {};                   ///< Ctrl-C: the current scenario is the last
};

struct GateResult {
  std::string name;  ///< of the scenario, or of its file when that could not be read
  Outcome outcome = Outcome::pass;
  std::string error;               ///< reason why there is no report
  std::vector<std::string> notes;  ///< where there is no report: what is looser, and allowed
  std::optional<Report> report;
  std::filesystem::path reportFile;
  bool reportWritten = false;
  bool hasBaseline = false;
  std::vector<std::string> knownFindings;  ///< of the baseline, by fingerprint
  std::vector<Metric> baselineMetrics;     ///< what the report's were compared with; empty without a baseline
  double seconds = 0;
};

/// The gate's dependencies, so that it can be tested without replaying.
struct GateSteps {
  /// Errors: MeasureError, InputError.
  std::function<Report(const Scenario&, const std::string& subject)> measure;
  /// Measures again, without the parts that only the first run needs: stacks, the self-audit. Errors: as
  /// measure.
  std::function<Report(const Scenario&, const std::string& subject, Repeat)> repeat;
  /// Adds to a report that failed what its growth follows; may be empty.
  std::function<void(Report&)> explain;
  std::function<void(const GateResult&)> finished;
};

/// Writes one report per scenario, under its final name only when complete; the report of an earlier run is
/// removed first, so that it cannot be mistaken for the current one. Errors become results.
std::vector<GateResult> runGate(const GatePlan& plan, const GateSteps& steps);

/// Of a report that was made before, or outside of a gate: without a baseline. Its time is that of its checkpoints.
GateResult resultOf(Report report, const std::filesystem::path& file);

/// The worst of all; pass for none.
Outcome worstOf(const std::vector<GateResult>& results);

}  // namespace leakgate
