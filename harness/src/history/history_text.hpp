// Writes a history for people. Lines are at most 80 columns, names apart.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "history/history_store.hpp"
#include "history/scenario_trend.hpp"
#include "report/plot.hpp"

namespace leakgate {

/// "412 runs of 14 scenarios, 96 commits, 2 machines", and "1,234,567 B: 2,996 B a run, 27 B a value".
std::string totalsText(const HistoryTotals& totals);

/// A table of runs under the totals.
std::string listText(const HistoryTotals& totals, const std::vector<RunHeader>& runs,
                     const std::map<std::int64_t, Machine>& machines);

/// A run with all its values.
std::string runText(const HistoryRun& run);

struct TrendTextOptions {
  Charset charset = Charset::ascii;
  bool all = false;    ///< also the series that did not change
  bool plots = false;  ///< a plot for each series that is shown, instead of one line
};

/// What changed and since when, worst first; markers; what is undecided; how much did not change.
std::string trendText(const ScenarioTrend& trend, const TrendTextOptions& options);

}  // namespace leakgate
