#include "history/history_text.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "history/trend_words.hpp"
#include "report/finding_text.hpp"
#include "report/table.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kIndent = 11;
constexpr std::size_t kMaxMarkers = 10;

std::string indented(const std::string& text) { return std::string(kIndent, ' ') + text + "\n"; }

std::string changeText(const ScenarioTrend& trend, const JudgedSeries& judged, const LevelChange& change) {
  const TrendSeries& series = judged.series;
  const TrendRun& good = trend.runs[change.lastGood];
  const TrendRun& bad = trend.runs[change.firstBad];
  std::string text = fmt::format("{:<9}  {}\n", wordOf(change.effect), titleOf(series)) +
                     indented(levelsText(change, series.unit));
  const bool worse = change.effect == Effect::worse;
  text +=
      indented((worse ? "introduced in: last good " : "changed in: last before ") + commitText(good) + ",");
  text += indented((worse ? "               first bad " : "            first after ") + commitText(bad));
  if (change.skipped != 0) text += indented(skippedText(change));
  return text;
}

std::string undecidedLines(const ScenarioTrend& trend, const JudgedSeries& judged) {
  const UndecidedChange& change = *judged.trend.undecided;
  return fmt::format("UNDECIDED  {}\n", titleOf(judged.series)) +
         indented(levelsText(change.before, change.after, judged.series.unit) + " since " +
                  shortHash(trend.runs[change.firstBad].commit)) +
         indented(undecidedText(change));
}

std::string drawing(const JudgedSeries& judged, const TrendTextOptions& options) {
  const auto& values = judged.series.values;
  if (!options.plots) return indented(sparkline(values, kColumns - kIndent, options.charset));
  PlotOptions plotOptions{kColumns, 8, options.charset, judged.series.unit, {}};
  for (const LevelChange& change : judged.trend.changes) plotOptions.marks.push_back(change.firstBad);
  return plot(values, plotOptions);
}

std::string steadyText(const JudgedSeries& judged) {
  const double last = lastOf(judged.series).value_or(0);
  return fmt::format("           {}: {}, {}\n", titleOf(judged.series), asValue(last, judged.series.unit),
                     steadyText(judged.trend));
}

std::string seriesText(const ScenarioTrend& trend, const JudgedSeries& judged,
                       const TrendTextOptions& options) {
  std::string text;
  for (const LevelChange& change : judged.trend.changes) text += changeText(trend, judged, change);
  if (judged.trend.undecided) text += undecidedLines(trend, judged);
  if (text.empty()) {
    if (!options.all && !options.plots) return "";
    text = steadyText(judged);
  }
  return text + drawing(judged, options);
}

std::string headline(const ScenarioTrend& trend) {
  std::string text = trend.scenario + ": " + countOf(trend.runs.size(), "run");
  if (!trend.runs.empty()) {
    std::size_t commits = 1;
    for (std::size_t i = 1; i < trend.runs.size(); ++i)
      if (trend.runs[i].commit != trend.runs[i - 1].commit) ++commits;
    text += fmt::format(" of {}, {} to {}", countOf(commits, "commit"), dateOf(trend.runs.front().time),
                        dateOf(trend.runs.back().time));
  }
  text += "\n";
  if (!trend.byGit) text += "  by the times of the commits: git knows none of them here\n";
  if (trend.older != 0) text += "  left out: " + countOf(trend.older, "older run") + " (--last N)\n";
  if (trend.elsewhere != 0)
    text += "  left out: " + countOf(trend.elsewhere, "run") + " of commits that are not on this branch\n";
  if (trend.dirty != 0) text += "  left out: " + countOf(trend.dirty, "run") + " with uncommitted changes\n";
  return text;
}

std::string markersText(const ScenarioTrend& trend) {
  std::string text;
  for (std::size_t i = 0; i < std::min(kMaxMarkers, trend.markers.size()); ++i) {
    const Marker& marker = trend.markers[i];
    text += fmt::format("MARKER     {}: {}\n", commitText(trend.runs[marker.at]), marker.text);
  }
  if (trend.markers.size() > kMaxMarkers)
    text += indented(countOf(trend.markers.size() - kMaxMarkers, "more marker"));
  return text;
}

std::string summary(const ScenarioTrend& trend) {
  std::size_t changed = 0;
  std::size_t undecided = 0;
  std::size_t waiting = 0;
  std::size_t missing = 0;
  for (const JudgedSeries& judged : trend.series) {
    if (!judged.trend.changes.empty()) {
      ++changed;
    } else if (judged.trend.undecided) {
      ++undecided;
    } else if (judged.trend.missingRuns != 0) {
      ++waiting;
      missing = std::max(missing, judged.trend.missingRuns);
    }
  }
  const std::size_t steady = trend.series.size() - changed - undecided - waiting;
  std::string text = fmt::format("{} series: {} changed, {} undecided, {} steady\n", trend.series.size(),
                                 changed, undecided + waiting, steady);
  if (waiting != 0)
    text += fmt::format("  undecided, {}: {} that {} not exact\n", countOf(missing, "more run"), waiting,
                        waiting == 1 ? "is" : "are");
  return text;
}

}  // namespace

std::string totalsText(const HistoryTotals& totals) {
  const auto count = [](std::int64_t number, const std::string& noun) {
    return countOf(static_cast<std::size_t>(number), noun);
  };
  std::string text = count(totals.runs, "run") + " of " + count(totals.scenarios, "scenario") + ", " +
                     count(totals.commits, "commit") + ", " + count(totals.machines, "machine") + "\n" +
                     withThousands(totals.diskBytes) + " B";
  if (totals.runs != 0 && totals.values != 0)
    text += fmt::format(": {} B a run, {} B a value", withThousands(totals.diskBytes / totals.runs),
                        withThousands(totals.diskBytes / totals.values));
  return text + "\n";
}

std::string listText(const HistoryTotals& totals, const std::vector<RunHeader>& runs,
                     const std::map<std::int64_t, Machine>& machines) {
  Table table({{"run"}, {"commit"}, {"measured"}, {"scenario"}, {"values", Align::right}, {"machine"}});
  for (const RunHeader& run : runs) {
    table.add({run.identity.substr(0, 8), shortHash(run.commit.hash) + (run.dirty ? "+" : ""),
               dateOf(run.startedAt), run.scenario, std::to_string(run.valueCount),
               machines.at(run.machine).fingerprint.substr(0, 8)});
  }
  std::string text = totalsText(totals);
  if (runs.empty()) return text;
  text += "\n" + table.text();
  const bool dirty = std::any_of(runs.begin(), runs.end(), [](const RunHeader& run) { return run.dirty; });
  if (dirty) text += "\n+ with uncommitted changes: kept, and left out of trends\n";
  return text;
}

std::string runText(const HistoryRun& run) {
  std::string text = fmt::format("run        {}\ncommit     {}{}\n", run.identity, run.commit.hash,
                                 run.dirty ? ", with uncommitted changes" : "");
  for (const std::string& parent : run.commit.parents) text += "parent     " + parent + "\n";
  text += fmt::format("measured   {}\nscenario   {}\nmachine    {}\ncompiler   {}\n\n", dateOf(run.startedAt),
                      run.scenario, run.machine.description, run.machine.compiler);
  Table table({{"value", Align::right}, {"kind"}, {"series"}});
  for (const HistoryValue& value : run.values) {
    const TrendSeries series{value.name, value.label, value.unit, value.direction, {}, {}};
    table.add({asValue(value.value, value.unit), std::string(toString(value.kind)), titleOf(series)});
  }
  return text + table.text();
}

std::string trendText(const ScenarioTrend& trend, const TrendTextOptions& options) {
  std::string text = headline(trend);
  for (const JudgedSeries& judged : trend.series) text += seriesText(trend, judged, options);
  return text + markersText(trend) + summary(trend);
}

}  // namespace leakgate
