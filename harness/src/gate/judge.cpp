#include "gate/judge.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <csignal>
#include <cstring>

#include "analysis/finding_kind.hpp"
#include "analysis/metrics.hpp"
#include "gate/compare.hpp"
#include "report/finding_text.hpp"
#include "scenario/nearest_names.hpp"

namespace leakgate {

namespace {

constexpr std::size_t kShownExamples = 3;
constexpr int kSignalBase = 128;  // an exit status above is 128 + signal

const Budget* budgetOf(const Report& report, const std::string& metric) {
  const auto found = report.scenario.budgets.find(metric);
  return found == report.scenario.budgets.end() ? nullptr : &found->second;
}

bool keeps(const Budget& budget, double value) {
  return (!budget.min || value >= *budget.min) && (!budget.max || value <= *budget.max);
}

bool expectsAnswers(const Scenario& scenario) {
  return std::any_of(scenario.steps.begin(), scenario.steps.end(),
                     [](const Step& step) { return step.expect.has_value(); });
}

void fail(Verdict& verdict, Outcome outcome, const std::string& subject, const std::string& text) {
  verdict.failures.push_back({subject, text});
  verdict.outcome = worse(verdict.outcome, outcome);
}

// --- could it be measured? ---

// Counts of memory are judged exactly: by a budget, or by comparing with a baseline.
bool needsExactMemory(const Report& report, const Baseline* baseline) {
  if (baseline != nullptr) return true;
  constexpr std::array<std::string_view, 3> kWords{"live_", "alloc", "scope."};
  return std::any_of(report.scenario.budgets.begin(), report.scenario.budgets.end(), [&](const auto& budget) {
    return std::any_of(kWords.begin(), kWords.end(),
                       [&](auto word) { return budget.first.rfind(word, 0) == 0; });
  });
}

std::string asCount(std::uint64_t count) { return withThousands(static_cast<std::int64_t>(count)); }

std::string restlessness(const SeriesPoint& point) {
  return fmt::format(
      "checkpoint \"{}\": the target did not stand still within {}; exact counts need one that allocates "
      "nothing when idle",
      point.checkpoint, asTime(static_cast<double>(point.settleNs)));
}

// What a timer or a heartbeat does is seen once for all checkpoints.
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

void judgeCheckpoints(const Report& report, const Baseline* baseline, Verdict& verdict) {
  if (report.depth == Depth::none) return;
  const bool exact = needsExactMemory(report, baseline);
  for (const auto& point : report.series) {
    if (point.steady) continue;  // two readings are not alike while it works
    if (!point.consistent) {
      fail(verdict, Outcome::cannotMeasure, "measurement",
           fmt::format(
               "checkpoint \"{}\": the shim's counters could not be read twice alike; is the target still "
               "working on something?",
               point.checkpoint));
    } else if (!point.settled) {
      const std::string text = restlessness(point);
      if (exact) fail(verdict, Outcome::cannotMeasure, "measurement", text);
      if (!exact) verdict.notes.push_back(text);
    }
  }
  noteIdleWork(report, verdict);
}

void judgeMeasurement(const Report& report, const Baseline* baseline, Verdict& verdict) {
  if (report.audit.eventsDropped > 0) {
    fail(verdict, Outcome::cannotMeasure, "measurement",
         fmt::format("the shim dropped {} events: no count of this run can be trusted",
                     withThousands(static_cast<std::int64_t>(report.audit.eventsDropped))));
  }
  judgeCheckpoints(report, baseline, verdict);
  const Metric* responses = findMetric(report.metrics, "responses");
  const bool silent = responses == nullptr || responses->value == 0;
  if (silent && expectsAnswers(report.scenario)) {
    fail(verdict, Outcome::cannotMeasure, "measurement", "the target answered no request; see its log");
  }
  if (report.audit.sitesFolded > 0) {
    verdict.notes.push_back(
        fmt::format("{} allocations are in the totals but in no site: the shim's site table was full",
                    report.audit.sitesFolded));
  }
}

// What it does when it is asked to end is no part of the run, but a crash there is worth a word.
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

void judgeAnswers(const Report& report, Verdict& verdict) {
  const Metric* unexpected = findMetric(report.metrics, "unexpected_answers");
  if (unexpected == nullptr || unexpected->value == 0 || budgetOf(report, "unexpected_answers") != nullptr)
    return;
  std::string text = fmt::format("{} unexpected answers", asValue(unexpected->value, "1"));
  for (std::size_t i = 0; i < std::min(kShownExamples, report.unexpected.size()); ++i) {
    const auto& example = report.unexpected[i];
    text += fmt::format("{} step {}, request {}: {}", i == 0 ? ":" : ";", example.step, example.request,
                        example.what);
  }
  fail(verdict, Outcome::fail, "unexpected_answers", text);
}

// A budget above 0 says that this much growth is wanted; whether it was kept is judgeBudgets' business.
bool growthIsBudgeted(const Report& report, FindingKind kind) {
  const auto metrics = traitsOf(kind).metrics();
  return std::any_of(metrics.begin(), metrics.end(), [&](std::string_view metric) {
    const Budget* budget = budgetOf(report, std::string(metric));
    return budget != nullptr && budget->max.value_or(0) > 0;
  });
}

void judgeFindings(const Report& report, Verdict& verdict) {
  for (const auto& finding : report.findings) {
    const std::string line = findingLine(finding);
    if (finding.growth.kind == FindingKind::slowdown) {
      verdict.suspects.push_back({"latency_drift_percent", line});
    } else if (growthIsBudgeted(report, finding.growth.kind)) {
      verdict.notes.push_back("within the budget: " + line);
    } else {
      fail(verdict, Outcome::fail, finding.fingerprint, line);
    }
  }
}

std::string limitText(const Budget& budget, const std::string& unit) {
  if (budget.min && budget.max && *budget.min == *budget.max) return "exactly " + asValue(*budget.min, unit);
  std::string text;
  if (budget.min) text = "at least " + asValue(*budget.min, unit);
  if (budget.max) text += (text.empty() ? "" : " and ") + ("at most " + asValue(*budget.max, unit));
  return text;
}

std::string unknownBudget(const Report& report, const std::string& name) {
  std::vector<std::string> known;
  for (const auto& metric : report.metrics) known.push_back(metric.name);
  const std::string meant = didYouMean(name, known);
  return fmt::format(
      "{}: budgets.{}: found no such metric in this run, expected one of the report's \"metrics\"; {}",
      report.scenario.file, name, meant.empty() ? "correct its name, or let the target publish it" : meant);
}

void judgeBudgets(const Report& report, Verdict& verdict) {
  for (const auto& [name, budget] : report.scenario.budgets) {
    const Metric* metric = findMetric(report.metrics, name);
    if (metric == nullptr) {
      fail(verdict, Outcome::cannotMeasure, name, unknownBudget(report, name));
      continue;
    }
    // Judged by its confidence interval, as a finding.
    if (name == "latency_drift_percent" || keeps(budget, metric->value)) continue;
    const std::string text =
        fmt::format("BUDGET  {} is {}, must be {}", name, asValue(metric->value, metric->unit),
                    limitText(budget, metric->unit));
    if (metric->kind == MetricKind::exact) {
      fail(verdict, Outcome::fail, name, text);
    } else {
      verdict.suspects.push_back({name, text});
    }
  }
}

// A finding was proved by the checkpoints that there are; nothing else can be said.
void judgePartial(const Report& report, Verdict& verdict) {
  if (report.end != RunEnd::targetFailed) judgeAnswers(report, verdict);
  judgeFindings(report, verdict);
  const std::uint64_t requests = report.series.empty() ? 0 : report.series.back().requests;
  const std::string text = fmt::format("PARTIAL  {}; judged are {} of {} requests",
                                       report.endReason.substr(0, report.endReason.find('\n')),
                                       asCount(requests), asCount(report.scenario.load.requests));
  if (verdict.outcome == Outcome::fail && report.end != RunEnd::interrupted) {
    verdict.notes.push_back(text);
  } else {
    fail(verdict, Outcome::cannotMeasure, "measurement", text);
  }
}

// --- against the baseline ---

void judgeBaseline(const Report& report, const Baseline& baseline, Verdict& verdict) {
  const Comparison comparison = compare(baseline, report);
  bool improved = false;
  for (const auto& [before, after, change] : comparison.metrics) {
    if (budgetOf(report, after.name) != nullptr) continue;
    const std::string figures =
        fmt::format("{} is {}, was {} in the baseline", after.name, asValue(after.value, after.unit),
                    asValue(before.value, before.unit));
    const bool exact = after.kind == MetricKind::exact;
    if (change == Change::worse && exact) fail(verdict, Outcome::fail, after.name, "WORSE  " + figures);
    if (change == Change::worse && !exact) verdict.suspects.push_back({after.name, "WORSE  " + figures});
    if (change == Change::better && exact) {
      verdict.notes.push_back("improved: " + figures);
      improved = true;
    }
  }
  for (const auto& name : comparison.missing) {
    verdict.notes.push_back(name + " is in the baseline but was not measured");
  }
  for (const auto& gone : comparison.goneFindings) {
    verdict.notes.push_back("gone since the baseline: " + gone.text);
    improved = true;
  }
  if (improved) verdict.notes.push_back("keep the improvement: leakgate accept " + report.scenario.name);
}

}  // namespace

Verdict judge(const Report& report, const Baseline* baseline) {
  Verdict verdict;
  judgeMeasurement(report, baseline, verdict);
  if (report.end != RunEnd::whole) {
    judgePartial(report, verdict);
    return verdict;
  }
  noteTheEnd(report, verdict);
  judgeAnswers(report, verdict);
  judgeFindings(report, verdict);
  judgeBudgets(report, verdict);
  if (baseline == nullptr) return verdict;
  if (baseline->scenarioHash != report.scenario.hash) {
    fail(verdict, Outcome::badInput, "baseline",
         fmt::format("{} is of another version of the scenario ({}, now {}); look at the report, then: "
                     "leakgate accept {}",
                     baseline->file, baseline->scenarioHash, report.scenario.hash, report.scenario.name));
    return verdict;
  }
  judgeBaseline(report, *baseline, verdict);
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
