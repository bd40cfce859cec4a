#include "serve/trend_page.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "history/trend_words.hpp"
#include "html/html_table.hpp"
#include "report/finding_text.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"
#include "serve/address.hpp"
#include "serve/trend_parts.hpp"

namespace leakgate {

namespace {

constexpr std::string_view kFinding = "finding.";

bool isDrawn(const JudgedSeries& judged, bool all) {
  return all || !judged.trend.changes.empty() || judged.trend.undecided;
}

// The newest change decides: what was mended is worse no more.
bool isWorse(const JudgedSeries& judged) {
  return !judged.trend.changes.empty() && judged.trend.changes.back().effect == Effect::worse;
}

PageHead headOf(const ScenarioTrend& trend, const std::string& series, const PageSite& site) {
  PageHead head;
  head.heading = trend.scenario + (series.empty() ? "" : ": " + series);
  head.title = head.heading;
  head.site = site;
  if (std::any_of(trend.series.begin(), trend.series.end(), isWorse)) {
    head.label = "WORSE";
    head.tone = "fail";
  }
  head.summary = countOf(trend.runs.size(), "run");
  if (!trend.runs.empty())
    head.summary += ", " + dateOf(trend.runs.front().time) + " to " + dateOf(trend.runs.back().time);
  head.summary += trend.byGit ? ", in the order of the branch" : ", by the times of the commits";
  const auto leftOut = [&](std::size_t count, const char* what) {
    if (count != 0) head.summary += fmt::format("; left out: {} {}", countOf(count, "run"), what);
  };
  leftOut(trend.older, "before these");
  leftOut(trend.elsewhere, "of other branches");
  leftOut(trend.dirty, "with uncommitted changes");
  return head;
}

// Where a finding came: "first bad 3f2a91c04b7d of 2026-11-30".
std::string introducedIn(const ScenarioTrend& trend, const JudgedSeries& judged) {
  for (auto change = judged.trend.changes.rbegin(); change != judged.trend.changes.rend(); ++change) {
    const TrendRun& first = trend.runs[change->firstBad];
    if (change->after == 0) return "gone since " + commitText(first);
    if (change->before == 0)
      return fmt::format("last good {}, first bad {}", shortHash(trend.runs[change->lastGood].commit),
                         commitText(first));
  }
  return "before the first of these runs";
}

void addFindings(Markup& markup, const ScenarioTrend& trend) {
  HtmlTable table{"", {{"finding"}, {"grows by", Align::right}, {"introduced in"}, {"fingerprint"}}, {}};
  for (const JudgedSeries& judged : trend.series) {
    if (!judged.series.name.starts_with(kFinding)) continue;
    const std::string fingerprint =
        judged.series.name.substr(kFinding.size(), judged.series.name.rfind('.') - kFinding.size());
    const double last = lastOf(judged.series).value_or(0);
    table.rows.push_back({{titleOf(judged.series), "", trendAddress(trend.scenario, judged.series.name)},
                          {asValue(last, judged.series.unit), last != 0 ? "fail" : ""},
                          {introducedIn(trend, judged)},
                          {fingerprint, "muted"}});
  }
  addTable(markup, table);
}

void addDrawn(Markup& markup, const ScenarioTrend& trend, bool all) {
  std::size_t drawn = 0;
  std::size_t left = 0;
  for (const JudgedSeries& judged : trend.series) {
    if (!isDrawn(judged, all)) continue;
    if (drawn == kMaxTrendCharts) {
      ++left;
      continue;
    }
    addSeriesArticle(markup, trend, judged, fmt::format("series-{}", ++drawn));
  }
  if (drawn == 0) markup.element("p", "No series changed.");
  if (left != 0)
    markup.element("p", fmt::format("And {} series more: the table below has them.", left),
                   {{"class", "muted"}});
}

void addMarkers(Markup& markup, const ScenarioTrend& trend) {
  markup.element("p", "Runs on both sides of one of these are judged apart; charts have a dashed line there.",
                 {{"class", "muted"}});
  const auto list = markup.open("ul");
  for (const Marker& marker : trend.markers)
    markup.element("li", commitText(trend.runs[marker.at]) + ": " + marker.text);
}

HtmlCell stateCell(const JudgedSeries& judged) {
  if (judged.trend.changes.empty())
    return {judged.trend.undecided ? undecidedText(*judged.trend.undecided) : steadyText(judged.trend)};
  const LevelChange& change = judged.trend.changes.back();
  return {wordOf(change.effect), toneOf(change.effect)};
}

void addAllSeries(Markup& markup, const ScenarioTrend& trend) {
  HtmlTable table{"", {{"series"}, {"newest", Align::right}, {"trend"}}, {}};
  for (const JudgedSeries& judged : trend.series) {
    const auto last = lastOf(judged.series);
    table.rows.push_back({{titleOf(judged.series), "", trendAddress(trend.scenario, judged.series.name)},
                          {last ? asValue(*last, judged.series.unit) : "-"},
                          stateCell(judged)});
  }
  addTable(markup, table);
}

bool hasFindings(const ScenarioTrend& trend) {
  return std::any_of(trend.series.begin(), trend.series.end(),
                     [](const JudgedSeries& judged) { return judged.series.name.starts_with(kFinding); });
}

}  // namespace

std::string trendPage(const ScenarioTrend& trend, const std::string& series, const PageSite& site) {
  const bool all = !series.empty();
  PageParts parts;
  if (hasFindings(trend) && !all)
    parts.add("findings", "Findings", [&](Markup& markup) { addFindings(markup, trend); });
  parts.add("changes", all ? "Series" : "What changed",
            [&](Markup& markup) { addDrawn(markup, trend, all); });
  if (!trend.markers.empty())
    parts.add("markers", "Not compared across", [&](Markup& markup) { addMarkers(markup, trend); });
  parts.add("all", all ? "These series" : "All series", [&](Markup& markup) { addAllSeries(markup, trend); });
  return pageText(headOf(trend, series, site), parts, "");
}

}  // namespace leakgate
