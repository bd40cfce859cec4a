// Measures two sides by turns and compares them.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "comparison/side_comparison.hpp"
#include "comparison/start_order.hpp"
#include "report/report.hpp"

namespace leakgate {

inline constexpr unsigned kCompareRounds = 24;
inline constexpr unsigned kMinCompareRounds = 8;  ///< with fewer no interval of 99 % exists

inline constexpr double kOpenLoopShare = 0.5;  ///< of the throughput that side a manages

/// The largest live heap at a checkpoint. It also has what depends on the length of the server's path.
inline constexpr std::string_view kLiveBytesLargest = "live_bytes_largest";
inline constexpr std::string_view kInstructions = "instructions_per_request";

struct ComparePlan {
  unsigned rounds = kCompareRounds;  ///< of kStartsPerRound starts; 0: counts only
  ComparisonRule rule;
  std::uint64_t seed = 1;  ///< of the order of starts
  /// Requests a second of the open loop of each start; nothing: kOpenLoopShare of what side a manages; 0: none.
  std::optional<double> openLoopRate = {};
};

struct StartSettings {
  std::size_t paddingBytes = 0;  ///< the environment is so much longer
  double openLoopRate = 0;       ///< requests a second; 0: no open loop
};

/// The measurements, so that a comparison can be tested without them. Errors: MeasureError, Interrupted,
/// InputError.
struct CompareSteps {
  std::function<Report(CompareSide)> count;                        ///< one run under the shim
  std::function<Report(CompareSide, const StartSettings&)> start;  ///< one start without it
  std::function<double(CompareSide)> instructions;  ///< per request; empty: they are not counted
  std::function<double()> control;  ///< time of a piece of work that neither side can change, in ns
  /// Called before the first start, and after each: starts still to come, and the time that they take.
  std::function<void(unsigned starts, std::chrono::duration<double> left)> estimated;
};

struct CompareResult {
  Report a;  ///< counts of all its runs
  Report b;
  unsigned countRuns = 0;           ///< of each side
  unsigned instructionRuns = 0;     ///< of each side
  double openLoopRate = 0;          ///< requests a second; 0: there was no open loop
  SideComparison sampled;           ///< without changes if there were no rounds, or none was quiet
  std::vector<double> seesPercent;  ///< as sampled.changes: the smallest change that would have been seen
  unsigned rounds = 0;              ///< that count
  unsigned voidRounds = 0;          ///< repeated because the control moved
  bool interrupted = false;         ///< the rounds up to then are compared
};

/// Counts each side once; where a count differs, twice more, since only what all runs agree on is exact. Adds
/// kLiveBytesLargest and kInstructions to the counts of both reports. Then starts both sides in balanced random
/// order, each round in environments of other sizes. A round in which the control strays by more than 5 % from
/// the median of all is void and repeated, as long as no more than half of the planned rounds are.
///
/// Metrics of the starts: CPU per request, median latency and throughput in a closed loop, median and 99th
/// percentile of the latency in an open loop, and the largest RSS at a checkpoint. The rate of the open loop is
/// taken from one more start of side a, before all others. A change of a time below kLayoutPercent is "cannot
/// tell" between different programs, unless the instructions were counted and changed the same way.
///
/// Errors: those of the steps, until the counts of both sides are known; later ones end the rounds or, for a
/// failing target, are thrown.
CompareResult compareBySteps(const ComparePlan& plan, const CompareSteps& steps);

/// Runs a fixed number of integer operations on this thread and returns its CPU time in ns.
double timeFixedLoop();

}  // namespace leakgate
