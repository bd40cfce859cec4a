#include "serve/overview_page.hpp"

#include <doctest/doctest.h>

#include "sample_trend.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

RunHeader sampleHeader(std::size_t number) {
  const HistoryRun run = sampleRun(number);
  return {static_cast<std::int64_t>(number) + 1,
          run.identity,
          run.commit,
          false,
          run.scenario,
          run.workload,
          1,
          run.startedAt,
          4};
}

Overview sampleOverview(const ScenarioTrend& trend) {
  Overview overview;
  overview.history = "reports/history.db";
  overview.totals = {12, 48, 12, 1, 1, 90'112};
  overview.scenarios = {{trend.scenario, &trend}};
  overview.runs = {sampleHeader(11), sampleHeader(10)};
  overview.machines = {{1, sampleRun(0).machine}};
  overview.reports = {{"0123456789abcdef", "reports/latest/login.json", "login", sampleHash(11),
                       "2026-11-30T05:55:29Z", Outcome::fail, RunEnd::whole, 1}};
  return overview;
}

}  // namespace

TEST_CASE("what changed comes first, the newest of the worse before the rest") {
  ScenarioTrend trend = sampleTrend();
  trend.series.push_back(trend.series.front());
  trend.series.back().series.name = "mended";
  trend.series.back().trend.changes[0].effect = Effect::better;
  const std::string page = overviewPage(sampleOverview(trend), sampleSite());
  CHECK(flawOfServed(page) == "");
  const auto newest = page.find("<a href=\"/trend?scenario=login&amp;series=allocations_per_request\">");
  const auto older = page.find("bytes_per_event at login app.cpp:31");
  const auto better = page.find("series=mended");
  REQUIRE(better != std::string::npos);
  CHECK(newest < older);
  CHECK(older < better);
  CHECK(better < page.find("<section id=\"reports\">"));
  CHECK(holds(page, "<td class=\"fail\">WORSE</td>"));
  CHECK(holds(page, ">000000000000 of 2023-11-22</td>"));
}

TEST_CASE("reports, scenarios and runs lead to their pages") {
  const ScenarioTrend trend = sampleTrend();
  const std::string page = overviewPage(sampleOverview(trend), sampleSite());
  CHECK(holds(page, "<a href=\"/report?id=0123456789abcdef\">login</a>"));
  CHECK(holds(page, "<a href=\"/trend?scenario=login\">login</a>"));
  CHECK(holds(page, "<a href=\"/run?id=" + sampleRun(11).identity + "\">"));
  CHECK(holds(page, "And 10 more, which are older."));
  CHECK(holds(page, "12 runs of 1 scenario, 12 commits, 1 machine; 90,112 B: 7,509 B a run"));
}

TEST_CASE("a scenario that is not judged yet is told") {
  const ScenarioTrend trend = sampleTrend();
  Overview overview = sampleOverview(trend);
  overview.scenarios.push_back({"uploads", nullptr});
  const std::string page = overviewPage(overview, sampleSite());
  CHECK(flawOfServed(page) == "");
  CHECK(holds(page, "1 of 2 scenarios are judged so far"));
  CHECK(holds(page, ">not judged yet</td>"));
}

TEST_CASE("a report of a run that ended early says how") {
  const ScenarioTrend trend = sampleTrend();
  Overview overview = sampleOverview(trend);
  overview.reports[0].end = RunEnd::outOfTime;
  CHECK(holds(overviewPage(overview, {}), std::string(toString(RunEnd::outOfTime)) + "</td>"));
}

TEST_CASE("no name of a history becomes markup") {
  const ScenarioTrend trend = hostileTrend();
  Overview overview = sampleOverview(trend);
  overview.history = kHostile;
  overview.runs[0].identity = overview.runs[0].commit.hash = overview.runs[0].scenario = kHostile;
  overview.machines[1] = {kHostile, kHostile, kHostile, kHostile};
  overview.reports[0] = {kHostile, kHostile, kHostile, kHostile, kHostile, Outcome::fail, RunEnd::whole, 1};
  CHECK(isHarmless(overviewPage(overview, sampleSite())));
}

TEST_CASE("an empty history is a page, too") { CHECK(flawOfServed(overviewPage({}, sampleSite())) == ""); }
