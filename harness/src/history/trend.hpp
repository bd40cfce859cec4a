// Judges how the numbers of a scenario went from commit to commit. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analysis/metric.hpp"

namespace leakgate {

/// One run, in the order of the commits.
struct TrendRun {
  std::string commit;
  std::int64_t time = 0;    ///< of the commit, seconds since 1970
  std::string workload;     ///< runs of different steps or loads do not compare
  std::string countsKey;    ///< exact counts compare only if it is equal
  std::string fingerprint;  ///< sampled values compare only if it is equal
  std::string compiler;     ///< for people
  std::string machine;      ///< for people
  std::size_t skipped = 0;  ///< commits between the previous run's and this one's that were not measured
};

/// One number over all the runs; of a run without it: nothing.
struct TrendSeries {
  std::string name;
  std::string label;
  std::string unit;
  Direction direction = Direction::lower;
  std::vector<std::optional<double>> values;  ///< as many as there are runs
  std::vector<MetricKind> kinds;              ///< likewise
};

enum class Effect { worse, better, changed };

/// A new level. Of exact counts: seen in one run. Of others: proved by a permutation test.
struct LevelChange {
  std::size_t lastGood = 0;  ///< index of the last run at the old level
  std::size_t firstBad = 0;  ///< index of the first run at the new one
  double before = 0;         ///< the count, or the median of its level
  double after = 0;
  bool exact = false;
  double p = 0;  ///< of a change that is not exact
  Effect effect = Effect::changed;
  std::size_t skipped = 0;  ///< commits between the two that were not measured: it may be one of them
};

/// It looks like a change, and is not decided.
struct UndecidedChange {
  std::size_t firstBad = 0;
  double before = 0;
  double after = 0;
  std::size_t moreRuns = 0;  ///< at least so many decide it if the new level stays
};

/// Why the runs from `at` on are not compared with those before.
struct Marker {
  std::size_t at = 0;
  std::string text;  ///< "another compiler: GNU C++20 12.2.0 -> GNU C++20 13.1.0"
};

struct SeriesTrend {
  bool exact = false;  ///< all counts are exact, and runs of one commit agree
  std::vector<LevelChange> changes;
  std::optional<UndecidedChange> undecided;
  std::size_t missingRuns = 0;  ///< not exact: so many more are needed before anything can be decided
};

inline constexpr std::size_t kMinLevelRuns = 5;  ///< of a level that is not exact
inline constexpr double kMinShiftPercent = 1;    ///< smaller changes of what is not exact are not reported

/// Judges one series. Runs on different machines, builds and workloads are judged apart; a change that
/// several of them show at the same commit is one.
SeriesTrend judgeSeries(const std::vector<TrendRun>& runs, const TrendSeries& series);

/// Where a machine, a build or a workload is seen for the first time. Exact counts are compared across a
/// mere change of the processor or the kernel.
std::vector<Marker> markersOf(const std::vector<TrendRun>& runs);

/// 100 * (after - before) / |before|; nothing when `before` is 0.
std::optional<double> percentOf(double before, double after);

}  // namespace leakgate
