// The first page of leakgate serve: what changed, what was measured last, and all scenarios.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "history/history_store.hpp"
#include "history/scenario_trend.hpp"
#include "html/page.hpp"
#include "serve/report_folder.hpp"

namespace leakgate {

/// A scenario of the history. Lifetime: the trend must outlive the overview.
struct OverviewScenario {
  std::string name;
  const ScenarioTrend* trend = nullptr;  ///< nullptr: not judged yet
};

struct Overview {
  std::string history;  ///< its name, without a password
  HistoryTotals totals;
  std::vector<OverviewScenario> scenarios;
  std::vector<RunHeader> runs;  ///< the newest
  std::map<std::int64_t, Machine> machines;
  std::vector<KeptReport> reports;  ///< newest first
  std::size_t reportsLeftOut = 0;
};

/// Every change of every scenario, worst first, with the commits between which it came; the reports as a gate writes
/// them; scenarios; newest runs. At most kMaxOverviewRows rows a table: the page says how many are left out.
std::string overviewPage(const Overview& overview, const PageSite& site);

inline constexpr std::size_t kMaxOverviewRows = 100;

}  // namespace leakgate
