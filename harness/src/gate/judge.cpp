#include "gate/judge.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstring>

#include "analysis/finding_kind.hpp"
#include "analysis/metrics.hpp"
#include "gate/budget_text.hpp"
#include "gate/compare.hpp"
#include "gate/tolerance.hpp"
#include "report/finding_text.hpp"
#include "scenario/first_line.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownExamples = 3;
constexpr int kSignalBase = 128;  // an exit status above is 128 + signal

const Budget* budgetOf(const Report& report, const std::string& metric) {
  const auto found = report.scenario.budgets.find(metric);
  return found == report.scenario.budgets.end() ? nullptr : &found->second;
}

// A budget is kept if the best run keeps it: one run beyond it may be chance.
bool keeps(const Budget& budget, const Metric& metric) {
  const Spread range = rangeOf(metric);
  return (!budget.min || range.high >= *budget.min) && (!budget.max || range.low <= *budget.max);
}

bool expectsResponses(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [](const Step& step) { return step.expect.has_value(); });
}

void fail(Verdict& verdict, Outcome outcome, const std::string& subject, const std::string& text) {
  verdict.failures.push_back({subject, text});
  verdict.outcome = worse(verdict.outcome, outcome);
}

// --- could it be measured? ---

std::string asCount(std::uint64_t count) { return withThousands(static_cast<std::int64_t>(count)); }

// Notes a timer or a heartbeat once, not for each checkpoint.
void noteIdleWork(const Report& report, Verdict& verdict) {
  double rate = 0;
  for (const auto& point : report.series)
    rate = point.steady ? std::max(rate, point.idleEventsPerSecond) : rate;
  if (rate == 0) return;
  verdict.notes.push_back(
      fmt::format("the target works on while idle, some {} allocations and frees a second: checkpoints were "
                  "taken at a steady rate, and counts that this work moves are not exact",
                  withThousands(std::llround(rate))));
}

void judgeCheckpoints(const Report& report, Verdict& verdict) {
  if (report.depth == Depth::none) return;
  std::vector<std::string> restless;
  for (const auto& point : report.series) {
    if (point.steady) continue;  // two readings differ while it works
    if (!point.consistent) {
      fail(verdict, Outcome::cannotMeasure, "measurement",
           fmt::format(
               "checkpoint \"{}\": the shim's counters could not be read twice alike; is the target still "
               "working on something?",
               point.checkpoint));
    } else if (!point.settled) {
      restless.push_back(point.checkpoint);
    }
  }
  noteIdleWork(report, verdict);
  if (restless.empty()) return;
  verdict.notes.push_back(fmt::format(
      "the target did not stand still at {} of {} checkpoints, first \"{}\": its counts depend on the "
      "moment and are judged as spreads",
      restless.size(), report.series.size(), restless.front()));
}

void judgeMeasurement(const Report& report, Verdict& verdict) {
  if (report.audit.eventsDropped > 0) {
    fail(verdict, Outcome::cannotMeasure, "measurement",
         fmt::format("the shim dropped {} events: no count of this run can be trusted",
                     withThousands(static_cast<std::int64_t>(report.audit.eventsDropped))));
  }
  judgeCheckpoints(report, verdict);
  const Metric* responses = findMetric(report.metrics, "responses");
  const bool silent = responses == nullptr || responses->value == 0;
  if (silent && expectsResponses(report.scenario)) {
    fail(verdict, Outcome::cannotMeasure, "measurement", "the target responded to no request; see its log");
  }
  if (report.audit.sitesFolded > 0) {
    verdict.notes.push_back(
        fmt::format("{} allocations are in the totals but in no site: the shim's site table was full",
                    report.audit.sitesFolded));
  }
}

// Its end is not part of the run, but a crash there is worth a note.
void noteTheEnd(const Report& report, Verdict& verdict) {
  if (report.end != RunEnd::whole) return;
  if (!report.drained) {
    verdict.notes.push_back("the target did not end on SIGTERM and was killed");
  } else if (report.exitStatus > kSignalBase && report.exitStatus != kSignalBase + SIGTERM) {
    const int signal = report.exitStatus - kSignalBase;
    verdict.notes.push_back(
        fmt::format("the target crashed when it was asked to end (SIGTERM): signal {} ({})", signal,
                    ::strsignal(signal)));
  }
}

// --- the run by itself ---

void judgeResponses(const Report& report, Verdict& verdict) {
  const Metric* unexpected = findMetric(report.metrics, "unexpected_answers");
  if (unexpected == nullptr || unexpected->value == 0 || budgetOf(report, "unexpected_answers") != nullptr)
    return;
  std::string text = fmt::format("{} unexpected responses", asValue(unexpected->value, "1"));
  for (std::size_t i = 0; i < std::min(kShownExamples, report.unexpected.size()); ++i) {
    const auto& example = report.unexpected[i];
    text += fmt::format("{} step {}, request {}: {}", i == 0 ? ":" : ";", example.step, example.request,
                        example.what);
  }
  fail(verdict, Outcome::fail, "unexpected_answers", text);
}

// Whether a sampled budget was broken: only a suspect, so a finding is still judged.
bool brokeSampledBudget(const Report& report, FindingKind kind) {
  const auto metrics = traitsOf(kind).metrics();
  return std::any_of(metrics.begin(), metrics.end(), [&](std::string_view name) {
    const Budget* budget = budgetOf(report, std::string(name));
    const Metric* metric = findMetric(report.metrics, name);
    return budget != nullptr && metric != nullptr && metric->kind == MetricKind::sampled &&
           !keeps(*budget, *metric);
  });
}

void judgeFindings(const Report& report, Verdict& verdict) {
  for (const auto& finding : report.findings) {
    const std::string line = findingLine(finding);
    if (finding.growth.slowsByCpu() && finding.confirmed != Confirmed::yes) {
      verdict.notes.push_back("not confirmed by another run: " + line);
    } else if (finding.growth.kind == FindingKind::slowdown && !finding.growth.slowsByCpu()) {
      verdict.suspects.push_back({"latency_drift_percent", line});
    } else if (growthIsBudgeted(report.scenario, finding.growth.kind) &&
               !brokeSampledBudget(report, finding.growth.kind)) {
      verdict.notes.push_back("within the budget: " + line);
    } else {
      fail(verdict, Outcome::fail, finding.fingerprint, line);
    }
  }
}

std::string unknownBudget(const Report& report, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& metric : report.metrics) known.push_back(metric.name);
  const std::string meant = didYouMean(name, known);
  return fmt::format(
      "{}: budgets.{}: found no such metric in this run, expected one of the report's \"metrics\"; {}",
      report.scenario.file, name, meant.empty() ? "correct its name, or let the target publish it" : meant);
}

// Without the shim there are no memory metrics: a note, not a failure.
bool notMeasured(const Report& report, const std::string& name) {
  const auto names = builtInMetricNames();
  return report.depth == Depth::none &&
         (name.starts_with("scope.") || std::find(names.begin(), names.end(), name) != names.end());
}

void judgeBudgets(const Report& report, Verdict& verdict) {
  for (const auto& [name, budget] : report.scenario.budgets) {
    const Metric* metric = findMetric(report.metrics, name);
    if (metric == nullptr && notMeasured(report, name)) {
      verdict.notes.push_back("budget " + name + " was not judged: --depth none");
      continue;
    }
    if (metric == nullptr) {
      fail(verdict, Outcome::cannotMeasure, name, unknownBudget(report, name));
      continue;
    }
    // A drift is judged by its confidence interval, as a finding.
    if (name == "latency_drift_percent" || keeps(budget, *metric)) continue;
    verdict.suspects.push_back({name, fmt::format("BUDGET  {} is {}, must be {}", name, asValue(*metric),
                                                  budgetText(budget, metric->unit))});
  }
}

// In a partial run findings are proved by the existing checkpoints; nothing else can be judged.
void judgePartial(const Report& report, Verdict& verdict) {
  if (report.end != RunEnd::targetFailed) judgeResponses(report, verdict);
  judgeFindings(report, verdict);
  const std::uint64_t requests = report.series.empty() ? 0 : report.series.back().requests;
  const std::string text =
      fmt::format("PARTIAL  {}; judged are {} of {} requests", firstLine(report.endReason), asCount(requests),
                  asCount(report.scenario.load.requests));
  if (verdict.outcome == Outcome::fail && report.end != RunEnd::interrupted) {
    verdict.notes.push_back(text);
  } else {
    fail(verdict, Outcome::cannotMeasure, "measurement", text);
  }
}

// A drift without a budget fails nothing: that needs a run that is long compared with other load on the
// machine.
void noteDrift(const Report& report, Verdict& verdict) {
  if (!report.drift || !report.drift->slower() || budgetOf(report, "latency_drift_percent") != nullptr)
    return;
  verdict.notes.push_back(fmt::format(
      "slower at the end: {:+.1f} % (95 % interval {:.1f} to {:.1f}); judged only where the scenario has a "
      "budget latency_drift_percent",
      report.drift->percent, report.drift->low, report.drift->high));
}

// --- against the baseline ---

void refuseBaseline(const Report& report, const Baseline& baseline, const std::string& why,
                    Verdict& verdict) {
  fail(verdict, Outcome::badInput, "baseline",
       fmt::format("{} {}; look at the report, then: leakgate accept {}", baseline.file, why,
                   report.scenario.name));
}

// Counts in every baseline, whichever version wrote it.
constexpr std::array<std::string_view, 9> kInEveryBaseline{
    "live_bytes_per_request", "live_blocks_per_request", "live_bytes_growth",
    "live_blocks_growth",     "allocations_per_request", "allocated_bytes_per_request",
    "unexpected_answers",     "descriptors_growth",      "threads_growth"};

// Metrics that a baseline lacks are not gated, so refuse a baseline that was shortened by hand.
std::string lackOf(const Report& report, const Baseline& baseline) {
  if (baseline.metrics.empty()) return "has no metrics";
  for (const auto name : kInEveryBaseline) {
    if (findMetric(report.metrics, name) == nullptr || findMetric(baseline.metrics, name) != nullptr)
      continue;
    return fmt::format("has no {} among its metrics, and every baseline does", name);
  }
  return "";
}

void noteNewMetrics(const Report& report, const Baseline& baseline, Verdict& verdict) {
  if (baseline.runs == 0) return;  // of an older version, which had fewer
  for (const auto& metric : reduce(report).metrics) {
    if (findMetric(baseline.metrics, metric.name) != nullptr) continue;
    verdict.notes.push_back(fmt::format("{} is not in the baseline and was not compared: leakgate accept {}",
                                        metric.name, report.scenario.name));
  }
}

// One run cannot distinguish a regression from chance, not even for a count: see confirm().
void judgeChange(const Report& report, const MetricChange& changed, Verdict& verdict) {
  const auto& [before, after, change] = changed;
  const std::string figures =
      fmt::format("{} is {}, was {} in the baseline", after.name, asValue(after), asValue(before));
  const bool exact = after.kind == MetricKind::exact;
  if (change == Change::worse) verdict.suspects.push_back({after.name, "WORSE  " + figures});
  if (change == Change::better && exact)
    verdict.notes.push_back("improved: " + figures + ", which could be " + asValue(after));
  const bool newlyVaries =
      before.kind == MetricKind::exact && after.kind == MetricKind::spread && after.spread;
  if (change == Change::same && newlyVaries) {
    verdict.notes.push_back(fmt::format("{}; it varies from run to run, which leakgate accept {} measures",
                                        figures, report.scenario.name));
  }
}

void judgeBaseline(const Report& report, const Baseline& baseline, Verdict& verdict) {
  const Comparison comparison = compare(baseline, report);
  const std::size_t before = verdict.notes.size();
  for (const auto& change : comparison.metrics) {
    if (budgetOf(report, change.after.name) == nullptr) judgeChange(report, change, verdict);
  }
  for (const auto& gone : comparison.goneFindings)
    verdict.notes.push_back("gone since the baseline: " + gone.text);
  const bool improved = std::any_of(
      verdict.notes.begin() + static_cast<std::ptrdiff_t>(before), verdict.notes.end(),
      [](const std::string& note) { return note.starts_with("improved") || note.starts_with("gone"); });
  for (const auto& name : comparison.missing) {
    verdict.notes.push_back(name + " is in the baseline but was not measured");
  }
  noteNewMetrics(report, baseline, verdict);
  if (improved) verdict.notes.push_back("keep the improvement: leakgate accept " + report.scenario.name);
}

}  // namespace

Verdict judge(const Report& report, const Baseline* baseline) {
  Verdict verdict;
  if (report.depth == Depth::none) {
    verdict.outcome = Outcome::timesOnly;
    verdict.notes.emplace_back("times only: without the shim no memory was measured (--depth none)");
  }
  judgeMeasurement(report, verdict);
  if (report.end != RunEnd::whole) {
    judgePartial(report, verdict);
    return verdict;
  }
  noteTheEnd(report, verdict);
  judgeResponses(report, verdict);
  judgeFindings(report, verdict);
  judgeBudgets(report, verdict);
  noteDrift(report, verdict);
  if (baseline == nullptr) return verdict;
  if (baseline->scenarioHash != report.scenario.hash) {
    refuseBaseline(report, *baseline,
                   fmt::format("is of another version of the scenario ({}, now {})", baseline->scenarioHash,
                               report.scenario.hash),
                   verdict);
  } else if (const std::string lack = lackOf(report, *baseline); !lack.empty()) {
    refuseBaseline(report, *baseline, lack, verdict);
  } else {
    judgeBaseline(report, *baseline, verdict);
  }
  return verdict;
}

Verdict confirm(Verdict first, const std::vector<Verdict>& repeats) {
  const auto inAll = [&](const std::string& subject) {
    return std::all_of(repeats.begin(), repeats.end(), [&](const Verdict& repeat) {
      return std::any_of(repeat.suspects.begin(), repeat.suspects.end(),
                         [&](const Reason& reason) { return reason.subject == subject; });
    });
  };
  const std::vector<Reason> suspects = std::move(first.suspects);
  first.suspects.clear();
  for (const auto& suspect : suspects) {
    if (inAll(suspect.subject)) {
      fail(first, Outcome::fail, suspect.subject,
           fmt::format("{} (in each of {} runs)", suspect.text, repeats.size() + 1));
    } else {
      first.notes.push_back("not confirmed by another run: " + suspect.text);
    }
  }
  return first;
}

}  // namespace leakgate
