#include "history/trend_words.hpp"

#include <fmt/core.h>

#include "report/finding_text.hpp"
#include "report/utc_time.hpp"
#include "revisions/repository.hpp"

namespace leakgate {

std::string titleOf(const TrendSeries& series) {
  if (series.label.empty()) return series.name;
  return series.name.substr(series.name.rfind('.') + 1) + " at " + series.label;
}

std::string wordOf(Effect effect) {
  switch (effect) {
    case Effect::worse:
      return "WORSE";
    case Effect::better:
      return "BETTER";
    case Effect::changed:
      break;
  }
  return "CHANGED";
}

std::optional<double> lastOf(const TrendSeries& series) {
  for (auto value = series.values.rbegin(); value != series.values.rend(); ++value)
    if (*value) return *value;
  return std::nullopt;
}

std::string steadyText(const SeriesTrend& trend) {
  if (trend.missingRuns != 0) return "undecided, " + countOf(trend.missingRuns, "more run");
  return trend.exact ? "exact, unchanged" : "no change";
}

std::string commitText(const TrendRun& run) { return shortHash(run.commit) + " of " + dateOf(run.time); }

std::string levelsText(double before, double after, const std::string& unit) {
  const auto percent = percentOf(before, after);
  return asValue(before, unit) + " -> " + asValue(after, unit) +
         (percent ? fmt::format(" ({:+.3g} %)", *percent) : "");
}

std::string levelsText(const LevelChange& change, const std::string& unit) {
  return levelsText(change.before, change.after, unit) +
         (change.exact ? ", exact" : fmt::format(", p = {:.3f}", change.p));
}

std::string skippedText(const LevelChange& change) {
  if (change.skipped == 0) return "";
  return "between them: " + countOf(change.skipped, "commit") + " that " +
         (change.skipped == 1 ? "was" : "were") + " not measured here";
}

std::string undecidedText(const UndecidedChange& change) {
  return "undecided: at least " + countOf(change.moreRuns, "more run") + ", if the level stays";
}

std::string countOf(std::size_t number, const std::string& noun) {
  return withThousands(static_cast<std::int64_t>(number)) + " " + noun + (number == 1 ? "" : "s");
}

}  // namespace leakgate
