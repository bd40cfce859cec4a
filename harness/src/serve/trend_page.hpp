// How the numbers of one scenario went, as a page.
#pragma once

#include <string>

#include "history/scenario_trend.hpp"
#include "html/page.hpp"

namespace leakgate {

/// What changed, drawn, with the commits between which it did; findings and since when; what is undecided; from where
/// on runs are not compared; all series. `series`: the part of a name that was asked for; those series are all drawn.
/// At most kMaxTrendCharts charts.
std::string trendPage(const ScenarioTrend& trend, const std::string& series, const PageSite& site);

inline constexpr std::size_t kMaxTrendCharts = 60;

}  // namespace leakgate
