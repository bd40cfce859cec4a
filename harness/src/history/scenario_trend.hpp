// The trend of one scenario, from a history.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "history/history_store.hpp"
#include "history/trend.hpp"

namespace leakgate {

struct TrendRequest {
  std::string scenario;
  std::string series;             ///< part of a name or label; "": all series
  std::size_t newest = 0;         ///< look at so many runs
  std::vector<std::string> line;  ///< of commits, see firstParentLine()
};

struct JudgedSeries {
  TrendSeries series;
  SeriesTrend trend;
};

struct ScenarioTrend {
  std::string scenario;
  std::vector<TrendRun> runs;
  std::vector<Marker> markers;
  std::vector<JudgedSeries>
      series;             ///< what got worse first, then better, changed, undecided, and the rest; by name
  std::size_t older = 0;  ///< runs before these, not looked at
  std::size_t elsewhere = 0;  ///< runs of commits that are not on the line
  std::size_t dirty = 0;      ///< runs with uncommitted changes
  bool byGit = false;         ///< the commits are in git's order, else by their times
};

/// Errors: InputError when the history has no such scenario or series, with the nearest names; DatabaseError.
ScenarioTrend trendOf(HistoryStore& store, const TrendRequest& request);

/// For sorting and for text: 0 worse, 1 better, 2 changed, 3 undecided, 4 nothing.
int rankOf(const SeriesTrend& trend);

}  // namespace leakgate
