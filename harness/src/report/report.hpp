// One judged run: the content of leakgate.report/1 as values. As JSON: report_json.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/finding.hpp"
#include "analysis/latency_drift.hpp"
#include "analysis/metric.hpp"
#include "replay/run_record.hpp"
#include "report/allocation_profile.hpp"
#include "report/environment.hpp"
#include "report/request_costs.hpp"
#include "report/trigger_report.hpp"
#include "report/verdict.hpp"
#include "symbols/frame.hpp"

namespace leakgate {

inline constexpr std::string_view kReportSchema = "leakgate.report/1";

/// A place in the program, by name.
struct Place {
  std::string function;  ///< the function to name, see frameToBlame()
  std::string file;
  unsigned line = 0;
  std::string module;
  std::string scope;  ///< allocation scope
};

/// One interval of the replay and the checkpoint that ended it.
struct SeriesPoint {
  std::string checkpoint;       ///< "warm", "block 1" ...
  std::uint64_t requests = 0;   ///< measured so far
  std::uint64_t elapsedNs = 0;  ///< of the block
  std::uint64_t settleNs = 0;
  bool settled = false;  ///< quiet, or steady
  bool steady = false;   ///< the target has activity of its own, at a steady rate
  double idleEventsPerSecond = 0;
  bool consistent = false;
  std::int64_t liveBytes = 0;
  std::int64_t liveBlocks = 0;
  std::uint64_t allocations = 0;
  std::uint64_t rssBytes = 0;
  std::uint64_t mappings = 0;
  std::uint64_t descriptors = 0;
  std::uint64_t threads = 0;
  std::uint64_t cpuNs = 0;
};

struct SiteSummary {
  Place place;
  std::int64_t blocksGrowth = 0;  ///< over the measured requests
  std::int64_t bytesGrowth = 0;
  std::int64_t liveBlocks = 0;
  std::int64_t liveBytes = 0;
  std::uint64_t allocations = 0;  ///< over the measured requests
  std::uint64_t allocatedBytes = 0;
};

/// One call stack of a place that grows.
struct NamedStack {
  std::vector<std::int64_t>
      blocks;  ///< growth since "warm" at each checkpoint of the replay that was unwound
  std::vector<std::int64_t> bytes;
  double blocksPerEvent = 0;
  double bytesPerEvent = 0;
  bool truncated = false;     ///< the outer end is missing
  std::string fingerprint;    ///< the same for the same functions in another build
  std::vector<Frame> frames;  ///< innermost first
};

/// One of several lines by which a finding grows.
struct GrowingLine {
  Place place;         ///< the line to blame, or its caller
  bool calls = false;  ///< it calls the finding's place
  double share = 0;    ///< of their total growth
};

/// Whether a finding grew again when the scenario was replayed with stacks.
enum class Confirmed { notAsked, yes, no };

struct NamedFinding {
  Finding growth;
  Place place;
  std::vector<Frame> stack;  ///< innermost first; at depth sites of one return address, else of stacks[0]
  std::string fingerprint;   ///< the same for the same defect in another build, whatever the depth
  std::vector<NamedStack> stacks;  ///< the largest first, at most kMaxStacks; empty at depth sites
  std::uint64_t stackCount = 0;    ///< how many there were
  std::vector<GrowingLine> lines;  ///< if there are several, the largest first, at most kMaxGrowingLines
  std::uint64_t lineCount = 0;     ///< how many there were
  std::string site;                ///< for a part of an allocation site's growth: the site's fingerprint
  Confirmed confirmed = Confirmed::notAsked;
  std::vector<CodeLocation> callers;  ///< all its places, as addresses of this run; not in the file
  std::optional<Finding> siteGrowth;  ///< for a part: the growth of the whole site; not in the file

  /// The growth counted at `callers`: the site's, of which this finding may be a part.
  const Finding& countedGrowth() const { return siteGrowth ? *siteGrowth : growth; }
};

struct NamedObservation {
  Observation growth;
  Place place;
};

/// How far the run looked for growth, and which leak it would have found.
struct Look {
  std::uint64_t requests = 0;  ///< measured, with the added blocks
  double idleSeconds = 0;      ///< without requests after them; 0: nothing had grown
  LookEnd end = LookEnd::decided;
  std::uint64_t findOneIn = 0;  ///< a block in this many requests is found with 99 %; 0: unknown
};

/// Cost of the shim: a short part of a scenario with and without it, in pairs, and the same part twice with
/// it.
struct ShimCost {
  std::string scenario;             ///< used for the measurement: a gate measures once for each target
  std::uint64_t requests = 0;       ///< of each run
  unsigned pairs = 0;               ///< 0: not measured
  double cpuRatio = 0;              ///< CPU per request, on over off
  double addedNsPerRequest = 0;     ///< CPU; below zero if the machine's noise is larger
  bool repeatable = false;          ///< A/A: both runs with the shim have the same counts
  std::uint64_t counts = 0;         ///< compared between the two
  std::vector<std::string> varied;  ///< those that differed, by metric
};

/// Latency of one step at the client. Only a step with enough requests has a drift.
struct StepTimes {
  std::string step;
  std::uint64_t requests = 0;
  double p50Ns = 0;
  double p99Ns = 0;
  bool hasDrift = false;
  double driftPercent = 0;  ///< the last windows against the first
  double driftLow = 0;      ///< 95 % confidence interval
  double driftHigh = 0;
};

/// The cost of leakgate and its shim, and whether they missed anything.
struct SelfAudit {
  std::uint32_t layoutVersion = 0;
  std::uint64_t regionBytes = 0;
  std::uint64_t eventsDropped = 0;
  std::uint64_t sitesFolded = 0;
  std::uint64_t stacksFolded = 0;
  std::uint64_t stacksMissed = 0;
  std::uint64_t foreignFrees = 0;
  std::uint64_t processes = 0;
  std::uint64_t threadsSeen = 0;
  ShimCost cost;
};

/// One line of a suppressions file, and what it did in a run.
struct Suppression {
  std::string pattern;  ///< of "leak:PATTERN", see gate/suppressions.hpp
  std::string file;     ///< where it stands
  unsigned line = 0;
  std::uint64_t findings = 0;  ///< that it has silenced

  friend bool operator==(const Suppression&, const Suppression&) = default;
};

struct Report {
  Verdict verdict;
  Environment environment;
  Scenario scenario;      ///< whole, so that the run can be repeated from the report alone
  std::string reproduce;  ///< command line
  std::string startedAt;  ///< RFC 3339, UTC
  Depth depth = Depth::sites;
  bool escalated = false;            ///< something grew, so the scenario was replayed with stacks
  std::string escalation;            ///< its result, one line; "" without one
  std::vector<std::string> command;  ///< argv of the target as started
  RunEnd end = RunEnd::whole;        ///< other than whole: the report is partial
  std::string endReason;  ///< what ended the run early; the target's last output may follow the first line
  unsigned extensions = 0;
  Look look;
  unsigned repeats = 0;  ///< repeats after this run, to distinguish a regression from chance
  int exitStatus = 0;
  bool drained = false;
  std::vector<Metric> metrics;
  std::vector<SeriesPoint> series;
  std::vector<SiteSummary> sites;  ///< at most kMaxSites
  std::vector<NamedFinding> findings;
  std::vector<NamedFinding> suppressed;        ///< findings that matched a suppression
  std::vector<Suppression> suppressions;       ///< all rules of the run, used or not
  std::vector<NamedObservation> observations;  ///< at most kMaxObservations
  SelfAudit audit;
  std::vector<LatencyWindow> windows;
  std::optional<LatencyDrift> drift;
  std::vector<StepTimes> steps;  ///< of scenarios with several, the most frequent kMaxTimedSteps
  std::vector<UnexpectedResponse> unexpected;
  std::optional<TriggerReport> trigger;            ///< experiments after a finding
  std::optional<AllocationProfile> profile;        ///< of runs at depth stacks
  std::optional<InstructionProfile> instructions;  ///< where they were asked for
  std::optional<SystemCallProfile> systemCalls;    ///< where they were asked for
};

inline constexpr std::size_t kMaxSites = 50;
inline constexpr std::size_t kMaxObservations = 50;
inline constexpr std::size_t kMaxFindings = 50;  ///< the largest; a server may leak everywhere

inline constexpr std::size_t kMaxStacks = 5;
inline constexpr std::size_t kMaxGrowingLines = 16;
inline constexpr std::size_t kMaxParts = 16;     ///< of a site's growth; with more, the last is "others"
inline constexpr std::size_t kMaxFrames = 2000;  ///< of all findings' stacks: a report stays well under 1 MB

std::string_view toString(Depth depth);
std::string_view toString(RunEnd end);
std::string_view toString(Confirmed confirmed);
std::string_view toString(LookEnd end);

}  // namespace leakgate
