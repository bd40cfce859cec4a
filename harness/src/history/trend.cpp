#include "history/trend.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "analysis/statistics.hpp"
#include "history/change_points.hpp"

namespace leakgate {

namespace {

// The runs that compare with one another, and have a value: indexes, in the order of the commits.
using Lane = std::vector<std::size_t>;

std::vector<Lane> lanesOf(const std::vector<TrendRun>& runs, const TrendSeries& series, bool exact) {
  std::map<std::string, Lane> lanes;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (!series.values[i]) continue;
    lanes[runs[i].workload + " " + (exact ? runs[i].countsKey : runs[i].fingerprint)].push_back(i);
  }
  std::vector<Lane> ordered;
  for (auto& [key, lane] : lanes) ordered.push_back(std::move(lane));
  std::sort(ordered.begin(), ordered.end());
  return ordered;
}

Effect effectOf(double before, double after, Direction direction) {
  if (direction == Direction::none) return Effect::changed;
  return (after > before) == (direction == Direction::lower) ? Effect::worse : Effect::better;
}

std::size_t skippedBetween(const std::vector<TrendRun>& runs, std::size_t lastGood, std::size_t firstBad) {
  std::size_t skipped = 0;
  std::string previous = runs[lastGood].commit;
  for (std::size_t i = lastGood + 1; i <= firstBad; ++i) {
    skipped += runs[i].skipped;
    // A commit that was measured elsewhere lies between, too.
    if (i != firstBad && runs[i].commit != previous && runs[i].commit != runs[firstBad].commit) ++skipped;
    previous = runs[i].commit;
  }
  return skipped;
}

LevelChange changeOf(const std::vector<TrendRun>& runs, const TrendSeries& series, std::size_t lastGood,
                     std::size_t firstBad, double before, double after) {
  return {lastGood,
          firstBad,
          before,
          after,
          false,
          0,
          effectOf(before, after, series.direction),
          skippedBetween(runs, lastGood, firstBad)};
}

std::vector<LevelChange> stepsOf(const std::vector<TrendRun>& runs, const TrendSeries& series,
                                 const Lane& lane) {
  std::vector<LevelChange> steps;
  for (std::size_t i = 1; i < lane.size(); ++i) {
    const double before = *series.values[lane[i - 1]];
    const double after = *series.values[lane[i]];
    if (before == after) continue;
    steps.push_back(changeOf(runs, series, lane[i - 1], lane[i], before, after));
    steps.back().exact = true;
  }
  return steps;
}

// A count is not exact when two runs of one commit differ, or when it goes to and fro.
bool variesIn(const std::vector<TrendRun>& runs, const TrendSeries& series, const Lane& lane) {
  std::size_t changes = 0;
  for (std::size_t i = 1; i < lane.size(); ++i) {
    if (*series.values[lane[i - 1]] == *series.values[lane[i]]) continue;
    if (runs[lane[i - 1]].commit == runs[lane[i]].commit) return true;
    ++changes;
  }
  return changes >= 4 && 3 * changes >= lane.size();
}

bool isExact(const std::vector<TrendRun>& runs, const TrendSeries& series) {
  for (std::size_t i = 0; i < runs.size(); ++i)
    if (series.values[i] && series.kinds[i] != MetricKind::exact) return false;
  const std::vector<Lane> lanes = lanesOf(runs, series, true);
  return std::none_of(lanes.begin(), lanes.end(),
                      [&](const Lane& lane) { return variesIn(runs, series, lane); });
}

bool isLarge(double before, double after) {
  const auto percent = percentOf(before, after);
  return !percent || std::abs(*percent) >= kMinShiftPercent;
}

double medianOf(const std::vector<double>& values, std::size_t first, std::size_t end) {
  return median(std::span(values).subspan(first, end - first));
}

// How many runs at the end, too few for a level of their own, all lie beyond each of up to kReferenceRuns
// before: 2 to kMinLevelRuns - 1, else 0. Of noise it is 2 in one series of a hundred.
std::size_t outlyingTail(const std::vector<double>& values) {
  constexpr std::size_t kReferenceRuns = 20;
  for (std::size_t tail = kMinLevelRuns - 1; tail >= 2; --tail) {
    if (values.size() < 2 * kMinLevelRuns + tail) continue;
    const auto last = std::span(values).last(tail);
    const auto before = std::span(values).first(values.size() - tail);
    const auto reference = before.last(std::min(kReferenceRuns, before.size()));
    const auto [lowest, highest] = std::minmax_element(reference.begin(), reference.end());
    const auto [low, high] = std::minmax_element(last.begin(), last.end());
    if (*low > *highest || *high < *lowest) return tail;
  }
  return 0;
}

std::optional<UndecidedChange> undecidedAt(const std::vector<double>& values, const Lane& lane,
                                           std::size_t levelStart, std::size_t at, std::size_t moreRuns) {
  const double before = medianOf(values, levelStart, at);
  const double after = medianOf(values, at, values.size());
  if (!isLarge(before, after)) return std::nullopt;
  return UndecidedChange{lane[at], before, after, moreRuns};
}

// The shifts of one lane, by change points; what is undecided at its end goes to `trend`.
void judgeShifts(const std::vector<TrendRun>& runs, const TrendSeries& series, const Lane& lane,
                 SeriesTrend& trend) {
  std::vector<double> values;
  for (const std::size_t i : lane) values.push_back(*series.values[i]);
  if (values.size() < 2 * kMinLevelRuns) {
    trend.missingRuns = std::max(trend.missingRuns, 2 * kMinLevelRuns - values.size());
    return;
  }
  // A few runs that stand out would be found as a level that starts earlier than they do.
  const std::size_t tail = outlyingTail(values);
  const std::size_t judged = values.size() - tail;
  ChangePointOptions options;
  options.minSide = kMinLevelRuns;
  const ChangePoints points = findChangePoints(std::span(values).first(judged), options);
  std::size_t start = 0;
  for (std::size_t i = 0; i < points.found.size(); ++i) {
    const std::size_t at = points.found[i].at;
    const std::size_t end = i + 1 < points.found.size() ? points.found[i + 1].at : judged;
    const double before = medianOf(values, start, at);
    const double after = medianOf(values, at, end);
    start = at;
    if (!isLarge(before, after)) continue;
    trend.changes.push_back(changeOf(runs, series, lane[at - 1], lane[at], before, after));
    trend.changes.back().p = points.found[i].p;
  }
  if (tail != 0) {
    trend.undecided = undecidedAt(values, lane, start, judged, kMinLevelRuns - tail);
  } else if (points.doubtful) {
    trend.undecided =
        undecidedAt(values, lane, start, points.doubtful->change.at, points.doubtful->moreValues);
  }
}

// In the order of the commits. Two machines that saw the same change are one: it lies where their intervals
// overlap.
void mergeLanes(std::vector<LevelChange>& changes) {
  std::stable_sort(changes.begin(), changes.end(),
                   [](const LevelChange& a, const LevelChange& b) { return a.firstBad < b.firstBad; });
  std::vector<LevelChange> merged;
  for (const LevelChange& change : changes) {
    const bool seen = std::any_of(merged.begin(), merged.end(), [&](const LevelChange& other) {
      return other.effect == change.effect && change.lastGood < other.firstBad;
    });
    if (!seen) merged.push_back(change);
  }
  changes = std::move(merged);
}

}  // namespace

SeriesTrend judgeSeries(const std::vector<TrendRun>& runs, const TrendSeries& series) {
  SeriesTrend trend;
  trend.exact = isExact(runs, series);
  for (const Lane& lane : lanesOf(runs, series, trend.exact)) {
    if (trend.exact) {
      const auto steps = stepsOf(runs, series, lane);
      trend.changes.insert(trend.changes.end(), steps.begin(), steps.end());
    } else {
      judgeShifts(runs, series, lane, trend);
    }
  }
  mergeLanes(trend.changes);
  return trend;
}

std::vector<Marker> markersOf(const std::vector<TrendRun>& runs) {
  std::vector<Marker> markers;
  std::set<std::string> workloads;
  std::set<std::string> builds;
  std::set<std::string> machines;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const TrendRun& run = runs[i];
    const bool first = i == 0;
    if (workloads.insert(run.workload).second && !first)
      markers.push_back({i, "another workload: the scenario's steps or its load were changed"});
    const bool newBuild = builds.insert(run.countsKey).second && !first;
    const bool newMachine = machines.insert(run.fingerprint).second && !first;
    if (newBuild && run.compiler != runs[i - 1].compiler) {
      markers.push_back({i, "another compiler: " + runs[i - 1].compiler + " -> " + run.compiler});
    } else if (newBuild) {
      markers.push_back({i, "another build or libc: " + run.machine});
    } else if (newMachine) {
      markers.push_back({i, "another machine: " + run.machine + "; exact counts still compare"});
    }
  }
  return markers;
}

std::optional<double> percentOf(double before, double after) {
  if (before == 0) return std::nullopt;
  return 100 * (after - before) / std::abs(before);
}

}  // namespace leakgate
