// One run of a scenario as the history keeps it: its commit, its machine, its numbers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analysis/metric.hpp"
#include "report/report.hpp"

namespace leakgate {

struct CommitInfo {
  std::string hash;                  ///< as git prints it
  std::vector<std::string> parents;  ///< the first one is the branch that was merged into; empty if unknown
  std::int64_t time = 0;             ///< of the commit, in seconds since 1970; of the run if unknown

  friend bool operator==(const CommitInfo&, const CommitInfo&) = default;
};

/// Where a run was measured, and how its target was built.
struct Machine {
  std::string fingerprint;  ///< sampled values compare only if it is equal; see environmentFingerprint()
  std::string countsKey;    ///< exact counts compare only if it is equal: the build, libc and cores
  std::string compiler;
  std::string description;  ///< "AMD EPYC, 2 cores, Linux 6.1, glibc 2.36"

  friend bool operator==(const Machine&, const Machine&) = default;
};

/// One number of a run. Names: those of the report's metrics; "step.STEP.p50_ns" and "step.STEP.p99_ns";
/// "finding.FINGERPRINT.blocks_per_event", "...bytes_per_event", "...percent"; and
/// "place.HASH.allocations_per_request" of a function and its allocation scope.
struct HistoryValue {
  std::string name;
  std::string label;  ///< of a finding or a place: its function, file and line; else ""
  double value = 0;
  std::string unit;
  MetricKind kind = MetricKind::exact;
  Direction direction = Direction::lower;

  friend bool operator==(const HistoryValue&, const HistoryValue&) = default;
};

struct HistoryRun {
  std::string identity;  ///< 16 hex digits: the same for the same report, however it is formatted
  CommitInfo commit;
  bool dirty = false;  ///< with uncommitted changes
  std::string scenario;
  std::string workload;  ///< see workloadHashOf()
  Machine machine;
  std::int64_t startedAt = 0;  ///< seconds since 1970
  std::vector<HistoryValue> values;

  friend bool operator==(const HistoryRun&, const HistoryRun&) = default;
};

/// What is kept of a report: metrics that have a better direction or a budget, the latencies of steps, the
/// growth of findings, and the places that allocate. `commit.time` 0: the run's own time is taken.
/// Errors: InputError, naming `file`, when the report has no commit or no valid run.started_at.
HistoryRun historyRunOf(const Report& report, CommitInfo commit, const std::string& file);

/// A run that does not list such a series has 0 of it: a finding that is not there, a place that does not
/// allocate.
bool absentMeansZero(std::string_view seriesName);

}  // namespace leakgate
