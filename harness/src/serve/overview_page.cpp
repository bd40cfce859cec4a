#include "serve/overview_page.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "history/history_text.hpp"
#include "history/trend_words.hpp"
#include "html/html_table.hpp"
#include "report/finding_text.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"
#include "serve/address.hpp"
#include "serve/trend_parts.hpp"

namespace leakgate {

namespace {

struct Change {
  const ScenarioTrend* trend;
  const JudgedSeries* judged;
  const LevelChange* change;

  const TrendRun& firstBad() const { return trend->runs[change->firstBad]; }
};

std::vector<Change> changesOf(const Overview& overview) {
  std::vector<Change> changes;
  for (const OverviewScenario& scenario : overview.scenarios) {
    if (scenario.trend == nullptr) continue;
    for (const JudgedSeries& judged : scenario.trend->series)
      for (const LevelChange& change : judged.trend.changes)
        changes.push_back({scenario.trend, &judged, &change});
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) {
    return std::tuple(a.change->effect, -a.firstBad().time) <
           std::tuple(b.change->effect, -b.firstBad().time);
  });
  return changes;
}

std::size_t judgedCount(const Overview& overview) {
  return static_cast<std::size_t>(
      std::count_if(overview.scenarios.begin(), overview.scenarios.end(),
                    [](const OverviewScenario& scenario) { return scenario.trend != nullptr; }));
}

PageHead headOf(const Overview& overview, const PageSite& site) {
  PageHead head;
  head.heading = overview.history;
  head.title = "leakgate: " + overview.history;
  const std::string totals = totalsText(overview.totals);  // two lines
  const auto end = totals.find('\n');
  head.summary = totals.substr(0, end) + "; " + totals.substr(end + 1);
  head.site = site;
  return head;
}

template <class T>
std::size_t shownOf(const std::vector<T>& rows) {
  return std::min(rows.size(), kMaxOverviewRows);
}

void addRest(Markup& markup, std::size_t rest, const std::string& where) {
  if (rest != 0)
    markup.element("p", fmt::format("And {} more{}.", withThousands(static_cast<std::int64_t>(rest)), where),
                   {{"class", "muted"}});
}

void addJudged(Markup& markup, const Overview& overview) {
  const std::size_t judged = judgedCount(overview);
  if (judged == overview.scenarios.size()) return;
  markup.element("p",
                 fmt::format("{} of {} scenarios are judged so far; the page loads again until all are.",
                             judged, overview.scenarios.size()),
                 {{"role", "status"}});
}

void addChanges(Markup& markup, const Overview& overview) {
  addJudged(markup, overview);
  const std::vector<Change> changes = changesOf(overview);
  if (changes.empty()) markup.element("p", "No number changed from one commit to another.");
  HtmlTable table{"", {{"series"}, {"effect"}, {"scenario"}, {"change"}, {"last good"}, {"first bad"}}, {}};
  for (std::size_t i = 0; i < shownOf(changes); ++i) {
    const auto& [trend, judged, change] = changes[i];
    table.rows.push_back({{titleOf(judged->series), "", trendAddress(trend->scenario, judged->series.name)},
                          {wordOf(change->effect), toneOf(change->effect)},
                          {trend->scenario, "", trendAddress(trend->scenario)},
                          {levelsText(*change, judged->series.unit)},
                          {shortHash(trend->runs[change->lastGood].commit)},
                          {commitText(changes[i].firstBad())}});
  }
  addTable(markup, table);
  addRest(markup, changes.size() - shownOf(changes), ": see the scenarios");
}

std::string verdictOf(const KeptReport& report) {
  return std::string(report.end == RunEnd::whole ? toString(report.outcome) : toString(report.end));
}

void addReports(Markup& markup, const Overview& overview) {
  HtmlTable table{
      "", {{"scenario"}, {"verdict"}, {"findings", Align::right}, {"commit"}, {"measured"}, {"file"}}, {}};
  for (std::size_t i = 0; i < shownOf(overview.reports); ++i) {
    const KeptReport& report = overview.reports[i];
    table.rows.push_back({{report.scenario, "", reportAddress(report.id)},
                          {verdictOf(report), toneOf(report.outcome)},
                          {std::to_string(report.findings)},
                          {shortHash(report.commit)},
                          {report.startedAt},
                          {report.file.string(), "muted"}});
  }
  addTable(markup, table);
  addRest(markup, overview.reports.size() - shownOf(overview.reports) + overview.reportsLeftOut,
          ", which are older");
}

HtmlCell effectCount(const ScenarioTrend& trend, Effect effect) {
  const auto count = std::count_if(trend.series.begin(), trend.series.end(), [&](const JudgedSeries& judged) {
    return rankOf(judged.trend) == static_cast<int>(effect);
  });
  return {std::to_string(count), count == 0 ? "muted" : toneOf(effect)};
}

std::vector<HtmlCell> rowOf(const OverviewScenario& scenario) {
  const HtmlCell name{scenario.name, "", trendAddress(scenario.name)};
  if (scenario.trend == nullptr) return {name, {"-"}, {"-"}, {"-"}, {"-"}, {"not judged yet", "muted"}};
  const ScenarioTrend& trend = *scenario.trend;
  return {name,
          {std::to_string(trend.runs.size())},
          {std::to_string(trend.series.size())},
          effectCount(trend, Effect::worse),
          effectCount(trend, Effect::better),
          {trend.runs.empty() ? "" : commitText(trend.runs.back())}};
}

void addScenarios(Markup& markup, const Overview& overview) {
  HtmlTable table{"",
                  {{"scenario"},
                   {"runs", Align::right},
                   {"series", Align::right},
                   {"worse", Align::right},
                   {"better", Align::right},
                   {"newest commit"}},
                  {}};
  for (const OverviewScenario& scenario : overview.scenarios) table.rows.push_back(rowOf(scenario));
  addTable(markup, table);
}

void addRuns(Markup& markup, const Overview& overview) {
  HtmlTable table{
      "", {{"run"}, {"scenario"}, {"commit"}, {"measured"}, {"values", Align::right}, {"machine"}}, {}};
  for (std::size_t i = 0; i < shownOf(overview.runs); ++i) {
    const RunHeader& run = overview.runs[i];
    table.rows.push_back({{run.identity.substr(0, 8), "", runAddress(run.identity)},
                          {run.scenario, "", trendAddress(run.scenario)},
                          {shortHash(run.commit.hash) + (run.dirty ? ", with uncommitted changes" : "")},
                          {dateOf(run.startedAt)},
                          {std::to_string(run.valueCount)},
                          {overview.machines.at(run.machine).description, "muted"}});
  }
  addTable(markup, table);
  addRest(markup, static_cast<std::size_t>(overview.totals.runs) - shownOf(overview.runs),
          ", which are older");
}

}  // namespace

std::string overviewPage(const Overview& overview, const PageSite& site) {
  PageParts parts;
  parts.add("changes", "What changed", [&](Markup& markup) { addChanges(markup, overview); });
  if (!overview.reports.empty())
    parts.add("reports", "Reports", [&](Markup& markup) { addReports(markup, overview); });
  parts.add("scenarios", "Scenarios", [&](Markup& markup) { addScenarios(markup, overview); });
  parts.add("runs", "Newest runs", [&](Markup& markup) { addRuns(markup, overview); });
  return pageText(headOf(overview, site), parts, "");
}

}  // namespace leakgate
