// Trends for the tests of the pages.
#pragma once

#include <string>

#include "history/sample_runs.hpp"
#include "history/scenario_trend.hpp"
#include "html/page_samples.hpp"
#include "html/well_formed.hpp"

namespace leakgate {

/// Twelve runs of twelve commits, another compiler from the seventh on. A count is worse since the ninth, with two
/// commits in between that were not measured; a finding came with the fifth; a time is undecided; another is steady.
inline ScenarioTrend sampleTrend(const std::string& scenario = "login") {
  constexpr std::size_t kRuns = 12;
  ScenarioTrend trend;
  trend.scenario = scenario;
  trend.byGit = true;
  for (std::size_t i = 0; i < kRuns; ++i)
    trend.runs.push_back({sampleHash(i), 1'700'000'000 + 86'400 * static_cast<std::int64_t>(i), "w", "k", "f",
                          "GNU C++20 12.2.0", "a processor", i == 8 ? 2U : 0U});
  trend.markers = {{6, "another compiler: GNU C++20 12.2.0 -> GNU C++20 13.1.0"}};
  const auto add = [&](const std::string& name, const std::string& label, const std::string& unit, double low,
                       double high, std::size_t from) -> SeriesTrend& {
    JudgedSeries& judged = trend.series.emplace_back();
    judged.series = {name, label, unit, Direction::lower, {}, {}};
    for (std::size_t i = 0; i < kRuns; ++i) judged.series.values.emplace_back(i < from ? low : high);
    judged.series.kinds.resize(kRuns);
    return judged.trend;
  };
  add("allocations_per_request", "", "blocks", 3, 4, 8).changes = {{7, 8, 3, 4, true, 0, Effect::worse, 2}};
  add("finding.0011223344556677.bytes_per_event", "login app.cpp:31", "B", 0, 17, 4).changes = {
      {3, 4, 0, 17, true, 0, Effect::worse, 0}};
  add("cpu_ns_per_request", "", "ns", 9758, 9000, 10).undecided = UndecidedChange{10, 9758, 9000, 3};
  add("live_bytes_growth", "", "B", 0, 0, kRuns).exact = true;
  return trend;
}

/// Hostile in everything that a report, a commit or a target names.
inline ScenarioTrend hostileTrend() {
  ScenarioTrend trend = sampleTrend(kHostile);
  for (TrendRun& run : trend.runs) run.commit = run.compiler = run.machine = kHostile;
  for (Marker& marker : trend.markers) marker.text = kHostile;
  for (JudgedSeries& judged : trend.series) {
    judged.series.name += kHostile;
    judged.series.label = judged.series.unit = kHostile;
  }
  return trend;
}

inline PageSite sampleSite() { return {"/", {{"History", "/"}}, "0123456789abcdef"}; }

namespace test {

/// As flawOf(), but for the scripts that a served page asks its own site for.
inline std::string flawOfServed(std::string page) {
  for (const std::string file : {"script.js", "watch.js"}) {
    const std::string element = "<script src=\"/" + file + "\"></script>";
    if (const auto at = page.find(element); at != std::string::npos) page.erase(at, element.size());
  }
  return flawOf(page);
}

/// No part of kHostile has become markup.
inline bool isHarmless(const std::string& page) {
  return flawOfServed(page).empty() && !holds(page, "<img") && !holds(page, "<script>") &&
         // NOLINTNEXTLINE(misc-misleading-bidirectional)
         !holds(page, "\u202e") && !holds(page, "\x1b");
}

}  // namespace test
}  // namespace leakgate
