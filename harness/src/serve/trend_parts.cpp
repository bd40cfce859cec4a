#include "serve/trend_parts.hpp"

#include <fmt/core.h>

#include "history/trend_words.hpp"
#include "report/finding_text.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

namespace {

// Between two runs: the first on the new side has number `at` + 1.
double placeOf(std::size_t at) { return static_cast<double>(at) + 0.5; }

void addChange(Markup& markup, const ScenarioTrend& trend, const JudgedSeries& judged,
               const LevelChange& change) {
  const bool worse = change.effect == Effect::worse;
  {
    const auto line = markup.open("p");
    markup.element("strong", wordOf(change.effect), {{"class", toneOf(change.effect)}});
    markup.text(" " + levelsText(change, judged.series.unit));
  }
  const auto line = markup.open("p");
  markup.text(worse ? "Introduced in: last good " : "Changed in: last before ");
  markup.element("code", commitText(trend.runs[change.lastGood]));
  markup.text(worse ? ", first bad " : ", first after ");
  markup.element("code", commitText(trend.runs[change.firstBad]));
  if (const std::string skipped = skippedText(change); !skipped.empty()) markup.text("; " + skipped);
  markup.text(".");
}

void addState(Markup& markup, const ScenarioTrend& trend, const JudgedSeries& judged) {
  for (const LevelChange& change : judged.trend.changes) addChange(markup, trend, judged, change);
  if (const auto& undecided = judged.trend.undecided) {
    markup.element(
        "p",
        fmt::format("{} since {}: {}.", levelsText(undecided->before, undecided->after, judged.series.unit),
                    shortHash(trend.runs[undecided->firstBad].commit), undecidedText(*undecided)));
  } else if (judged.trend.changes.empty()) {
    markup.element("p", steadyText(judged.trend));
  }
}

// In words, for readers who do not see the chart.
std::string captionOf(const JudgedSeries& judged) {
  const auto& changes = judged.trend.changes;
  if (changes.empty()) {
    const auto last = lastOf(judged.series);
    return last ? asValue(*last, judged.series.unit) + " at the end" : "";
  }
  return asValue(changes.front().before, judged.series.unit) + " at the start, " +
         asValue(changes.back().after, judged.series.unit) + " at the end";
}

}  // namespace

std::string toneOf(Effect effect) {
  if (effect == Effect::worse) return "fail";
  return effect == Effect::better ? "pass" : "warn";
}

LineChart chartOf(const ScenarioTrend& trend, const JudgedSeries& judged) {
  const std::string unit =
      judged.series.unit == "blocks" ? "" : judged.series.unit;  // an axis has no room for it
  LineChart chart{"Run by run", captionOf(judged), "runs", unit, {{"", {}}}};
  for (std::size_t i = 0; i < judged.series.values.size(); ++i) {
    const auto& value = judged.series.values[i];
    if (value)
      chart.curves[0].points.push_back({static_cast<double>(i + 1), *value, commitText(trend.runs[i])});
  }
  for (const Marker& marker : trend.markers)
    if (marker.at != 0) chart.marks.push_back({placeOf(marker.at), marker.text, true});
  for (const LevelChange& change : judged.trend.changes)
    chart.marks.push_back({placeOf(change.firstBad),
                           wordOf(change.effect) + " since " + commitText(trend.runs[change.firstBad]),
                           false});
  return chart;
}

void addSeriesArticle(Markup& markup, const ScenarioTrend& trend, const JudgedSeries& judged,
                      const std::string& id) {
  const auto article = markup.open("article", {{"id", id}});
  markup.element("h3", titleOf(judged.series));
  const auto columns = markup.open("div", {{"class", "growth"}});
  {
    const auto chart = markup.open("div");
    addLineChart(markup, chartOf(trend, judged));
  }
  const auto state = markup.open("div");
  addState(markup, trend, judged);
}

}  // namespace leakgate
