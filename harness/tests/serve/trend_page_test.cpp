// trend_page.cpp and trend_parts.cpp.
#include "serve/trend_page.hpp"

#include <doctest/doctest.h>

#include "sample_trend.hpp"
#include "serve/trend_parts.hpp"

using namespace leakgate;
using namespace leakgate::test;

TEST_CASE("a change names its commits, and the chart has a line there") {
  const std::string page = trendPage(sampleTrend(), "", sampleSite());
  CHECK(flawOfServed(page) == "");
  CHECK(holds(page, "<span class=\"verdict fail\">WORSE</span>"));
  CHECK(holds(page, "12 runs, 2023-11-14 to 2023-11-25, in the order of the branch"));
  CHECK(holds(page, "3 blocks -&gt; 4 blocks (+33.3 %), exact"));
  CHECK(holds(
      page,
      "last good <code>000000000000 of 2023-11-21</code>, first bad <code>000000000000 of 2023-11-22</code>"
      "; between them: 2 commits that were not measured here."));
  CHECK(holds(page, "<g class=\"change\"><title>WORSE since 000000000000 of 2023-11-22</title>"));
  CHECK(holds(page, "undecided: at least 3 more runs, if the level stays"));
  CHECK(holds(page, "<p class=\"muted\">12 runs"));
}

TEST_CASE("another machine or compiler is listed, and a dashed line in the charts") {
  const std::string page = trendPage(sampleTrend(), "", sampleSite());
  CHECK(holds(page, "2023-11-20: another compiler: GNU C++20 12.2.0 -&gt; GNU C++20 13.1.0"));
  CHECK(holds(page, "<g class=\"limit\"><title>another compiler"));
}

TEST_CASE("a finding stands first, with what introduced it and its fingerprint") {
  const std::string page = trendPage(sampleTrend(), "", sampleSite());
  const auto row = page.find("bytes_per_event at login app.cpp:31");
  REQUIRE(row != std::string::npos);
  const std::string cells = page.substr(row, page.find("</tr>", row) - row);
  CHECK(holds(cells, ">17 B</td>"));
  CHECK(holds(cells, "last good 000000000000, first bad 000000000000 of 2023-11-18"));
  CHECK(holds(cells, ">0011223344556677</td>"));
  CHECK(row < page.find("<section id=\"changes\">"));
}

TEST_CASE("a finding that is gone, or was always there, says so") {
  ScenarioTrend trend = sampleTrend();
  SeriesTrend& finding = trend.series[1].trend;
  finding.changes[0].before = 17;
  finding.changes[0].after = 0;
  CHECK(holds(trendPage(trend, "", {}), "gone since 000000000000 of 2023-11-18"));
  finding.changes.clear();
  CHECK(holds(trendPage(trend, "", {}), "before the first of these runs"));
}

TEST_CASE("series that are asked for are drawn whether they changed or not; else only those that did") {
  CHECK_FALSE(holds(trendPage(sampleTrend(), "", {}), "<h3>live_bytes_growth</h3>"));
  CHECK(holds(trendPage(sampleTrend(), "live", {}), "<h3>live_bytes_growth</h3>"));
}

TEST_CASE("a run without a value is left out of the curve") {
  ScenarioTrend trend = sampleTrend();
  trend.series[0].series.values[3].reset();
  const LineChart chart = chartOf(trend, trend.series[0]);
  REQUIRE(chart.curves[0].points.size() == 11);
  CHECK(chart.curves[0].points[3].x == 5);
  CHECK(chart.marks.size() == 2);
  CHECK(chart.unit.empty());  // blocks: the caption says so
}

TEST_CASE("charts are bounded, and the page says how many are left out") {
  ScenarioTrend trend = sampleTrend();
  while (trend.series.size() < kMaxTrendCharts + 7) trend.series.push_back(trend.series.front());
  const std::string page = trendPage(trend, "", sampleSite());
  CHECK(flawOfServed(page) == "");
  CHECK(holds(page, "id=\"series-60\""));
  CHECK_FALSE(holds(page, "id=\"series-61\""));
  CHECK(holds(page, "And 6 series more"));
}

TEST_CASE("no name of a trend becomes markup, also in an address") {
  CHECK(isHarmless(trendPage(hostileTrend(), "", sampleSite())));
  CHECK(isHarmless(trendPage(hostileTrend(), kHostile, {"/", {{kHostile, "/"}}, kHostile})));
}

TEST_CASE("a trend of nothing is a page, too") {
  ScenarioTrend trend;
  CHECK(flawOfServed(trendPage(trend, "", sampleSite())) == "");
}
