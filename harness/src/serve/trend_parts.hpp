// The parts of pages that show changes of a series.
#pragma once

#include <cstddef>
#include <string>

#include "history/scenario_trend.hpp"
#include "html/line_chart.hpp"
#include "html/markup.hpp"

namespace leakgate {

/// "fail" for worse, "pass" for better, else "warn".
std::string toneOf(Effect effect);

/// The values run by run, with a line where a change is seen and a dashed one where runs stop being comparable.
LineChart chartOf(const ScenarioTrend& trend, const JudgedSeries& judged);

/// An article: heading, every change with its commits, what is undecided, the chart. `id`: an address in the page.
void addSeriesArticle(Markup& markup, const ScenarioTrend& trend, const JudgedSeries& judged,
                      const std::string& id);

}  // namespace leakgate
