#include "cli/compare_text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>

#include "gate/diff_text.hpp"
#include "gate/diff_words.hpp"
#include "gate/report_diff.hpp"
#include "report/finding_text.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

using Json = nlohmann::ordered_json;

bool any(const CompareResult& result, SideVerdict verdict) {
  const auto& changes = result.sampled.changes;
  return std::any_of(changes.begin(), changes.end(),
                     [&](const SideChange& change) { return change.verdict == verdict; });
}

bool countsImproved(const ReportDiff& diff) {
  using Fate = FindingChange::Fate;
  const auto& metrics = diff.comparison.metrics;
  return std::any_of(metrics.begin(), metrics.end(),
                     [](const MetricChange& change) {
                       return change.change == Change::better && change.after.kind != MetricKind::sampled;
                     }) ||
         std::any_of(diff.findings.begin(), diff.findings.end(), [](const FindingChange& change) {
           return change.fate == Fate::gone || change.fate == Fate::shrank;
         });
}

// Times of the runs under the shim are not shown: those of the starts are better.
ReportDiff countsOf(const CompareResult& result) {
  ReportDiff diff = diffReports(result.a, result.b);
  std::erase_if(diff.comparison.metrics,
                [](const MetricChange& change) { return change.after.kind == MetricKind::sampled; });
  diff.steps.clear();
  return diff;
}

std::string percentText(double percent) {
  return std::isinf(percent) ? "-" : fmt::format("{:+.2f} %", percent);
}

std::string rangeText(const Interval& interval) {
  if (std::isinf(interval.low) || std::isinf(interval.high)) return "too few rounds";
  return fmt::format("{:+.2f} to {:+.2f} %", interval.low, interval.high);
}

// The counts that are always shown, changed or not.
constexpr std::array<std::string_view, 4> kShownCounts{
    "allocations_per_request", "allocated_bytes_per_request", kLiveBytesLargest, kInstructions};

std::string countText(const Metric& metric) {
  if (!metric.spread || metric.spread->low == metric.spread->high) return asValue(metric);
  return fmt::format("{} to {}", asValue(metric.spread->low, metric.unit),
                     asValue(metric.spread->high, metric.unit));
}

std::string countsTable(const ReportDiff& diff) {
  Table table(
      {{"Count"}, {"a", Align::right}, {"b", Align::right}, {"Change", Align::right}, {"Kind"}, {"Verdict"}});
  for (const MetricChange& change : diff.comparison.metrics) {
    if (std::find(kShownCounts.begin(), kShownCounts.end(), change.after.name) == kShownCounts.end())
      continue;
    table.add({change.after.name, countText(change.before), countText(change.after), difference(change),
               std::string(toString(kindOf(change))), std::string(toString(change.change))});
  }
  return table.text();
}

std::string verdictText(const SideChange& change, const ComparisonRule& rule) {
  if (change.verdict != SideVerdict::same) return std::string(toString(change.verdict));
  return fmt::format("same within {:g} %", rule.withinPercent);
}

std::string samplesTable(const CompareResult& result, const ComparisonRule& rule) {
  Table table({{"Metric"},
               {"a", Align::right},
               {"b", Align::right},
               {"Change", Align::right},
               {fmt::format("{:g} % interval", 100 * (1 - rule.alpha)), Align::right},
               {"Sees", Align::right},
               {"Verdict"}});
  for (std::size_t k = 0; k < result.sampled.changes.size(); ++k) {
    const SideChange& change = result.sampled.changes[k];
    const double sees = result.seesPercent[k];
    table.add({change.metric, asValue(change.a, change.unit), asValue(change.b, change.unit),
               percentText(change.percent), rangeText(change.interval),
               std::isinf(sees) ? "-" : fmt::format("{:.1f} %", sees), verdictText(change, rule)});
  }
  return table.text();
}

std::string layoutText(const CompareResult& result) {
  std::string names;
  for (const SideChange& change : result.sampled.changes)
    if (change.mayBeLayout) names += (names.empty() ? "" : ", ") + change.metric;
  if (names.empty()) return "";
  return fmt::format(
      "Layout: {} changed by less than {:g} %. Where the stack lies is not why,\n"
      "each round had another environment; the order in which code is linked may be,\n"
      "so it is not blamed on the code. {}\n",
      names, kLayoutPercent,
      result.instructionRuns > 0 ? "The instructions per request did not change that way."
                                 : "--instructions counts what no layout can move.");
}

std::string intervalText(const CompareResult& result, const ComparisonRule& rule) {
  if (result.rounds >= kMinCompareRounds) return "";
  return fmt::format("{} {} too few for an interval of {:g} %: it takes {}.\n", result.rounds,
                     result.rounds == 1 ? "round is" : "rounds are", 100 * (1 - rule.alpha),
                     kMinCompareRounds);
}

std::string trustText(const CompareResult& result) {
  const SideComparison& sampled = result.sampled;
  std::string text =
      fmt::format("Control: a fixed loop changed by {} ({}){}\n", percentText(sampled.control.percent),
                  rangeText(sampled.control.interval),
                  sampled.controlMoved ? ": the machine favoured one side, nothing is judged" : "");
  return text + fmt::format("A/A: {} of {} comparisons of a side with itself differed.\n",
                            sampled.sameSideAlarms, sampled.sameSideTests);
}

std::string openLoopText(const CompareResult& result) {
  if (result.openLoopRate <= 0) return "";
  return fmt::format("Open loop: {:.0f} requests a second, each latency from when the request was due\n",
                     result.openLoopRate);
}

std::string samplesText(const CompareResult& result, const ComparePlan& plan) {
  if (plan.rounds == 0) return "";
  if (result.sampled.changes.empty())
    return fmt::format("\nNo times: {} of {} rounds are void, the machine is too busy.\n", result.voidRounds,
                       result.rounds + result.voidRounds);
  std::string text =
      fmt::format("\nOver {} rounds of {} starts in balanced random order", result.rounds, kStartsPerRound);
  if (result.voidRounds > 0) text += fmt::format("; {} more are void: the control moved", result.voidRounds);
  if (result.interrupted) text += "; interrupted";
  text += "\n" + openLoopText(result);
  return text + samplesTable(result, plan.rule) + intervalText(result, plan.rule) + layoutText(result) +
         trustText(result);
}

// JSON has no infinity.
Json numberOrNull(double value) { return std::isinf(value) ? Json(nullptr) : Json(value); }

Json changeJson(const SideChange& change) {
  return {{"metric", change.metric},
          {"unit", change.unit},
          {"a", change.a},
          {"b", change.b},
          {"percent", change.percent},
          {"percent_low", numberOrNull(change.interval.low)},
          {"percent_high", numberOrNull(change.interval.high)},
          {"p_adjusted", change.p},
          {"verdict", toString(change.verdict)},
          {"may_be_layout", change.mayBeLayout}};
}

}  // namespace

SideVerdict overallVerdict(const CompareResult& result) {
  const ReportDiff diff = diffReports(result.a, result.b);
  if (diff.regressed() || any(result, SideVerdict::worse)) return SideVerdict::worse;
  if (any(result, SideVerdict::cannotTell)) return SideVerdict::cannotTell;
  return countsImproved(diff) || any(result, SideVerdict::better) ? SideVerdict::better : SideVerdict::same;
}

std::string compareText(const CompareResult& result, const ComparePlan& plan, const std::string& scenario,
                        const SideNames& names) {
  std::string verdict(toString(overallVerdict(result)));
  for (char& c : verdict) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const ReportDiff diff = countsOf(result);
  std::string text = fmt::format("{}  {}\n  a  {}\n  b  {}\n\n", verdict, scenario, names.a, names.b);
  text +=
      fmt::format("Counts, {} {} of each side\n", result.countRuns, result.countRuns == 1 ? "run" : "runs");
  return text + diffText(diff, scenario) + "\n" + countsTable(diff) + samplesText(result, plan);
}

Json compareJson(const CompareResult& result, const ComparePlan& plan, const std::string& scenario,
                 const SideNames& names) {
  Json json{{"schema", "leakgate.compare/1"},
            {"scenario", scenario},
            {"a", names.a},
            {"b", names.b},
            {"verdict", toString(overallVerdict(result))},
            {"alpha", plan.rule.alpha},
            {"within_percent", plan.rule.withinPercent},
            {"seed", plan.seed},
            {"count_runs", result.countRuns},
            {"instruction_runs", result.instructionRuns},
            {"open_loop_rps", result.openLoopRate},
            {"rounds", result.rounds},
            {"void_rounds", result.voidRounds},
            {"interrupted", result.interrupted},
            {"changes", Json::array()},
            {"control", nullptr},
            {"control_moved", result.sampled.controlMoved},
            {"same_side_tests", result.sampled.sameSideTests},
            {"same_side_alarms", result.sampled.sameSideAlarms}};
  for (std::size_t k = 0; k < result.sampled.changes.size(); ++k) {
    Json change = changeJson(result.sampled.changes[k]);
    change["sees_percent"] = numberOrNull(result.seesPercent[k]);
    json["changes"].push_back(std::move(change));
  }
  if (result.rounds > 0) json["control"] = changeJson(result.sampled.control);
  json["counts"] = diffJson(countsOf(result), scenario);
  return json;
}

}  // namespace leakgate
