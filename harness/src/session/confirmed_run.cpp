#include "session/confirmed_run.hpp"

#include <algorithm>

#include "analysis/metrics.hpp"
#include "analysis/repeated_metrics.hpp"
#include "gate/judge.hpp"
#include "replay/measure_error.hpp"
#include "scenario/first_line.hpp"

namespace leakgate {

namespace {

bool passesSoFar(const Verdict& verdict) {
  return verdict.outcome == Outcome::pass || verdict.outcome == Outcome::timesOnly;
}

Repeat repeatFor(const Report& report) {
  const bool countsOnly =
      std::all_of(report.verdict.suspects.begin(), report.verdict.suspects.end(), [&](const Reason& suspect) {
        const Metric* metric = findMetric(report.metrics, suspect.subject);
        return metric != nullptr && metric->kind != MetricKind::sampled;
      });
  return countsOnly ? Repeat::planned : Repeat::extended;
}

bool names(const std::vector<Reason>& reasons, const std::string& subject) {
  return std::any_of(reasons.begin(), reasons.end(),
                     [&](const Reason& reason) { return reason.subject == subject; });
}

// Notes what confirm() cannot see: counts that are no longer suspect when all runs are combined.
void noteUnconfirmed(const std::vector<Reason>& suspects, const Verdict& together, Verdict& verdict) {
  for (const auto& suspect : suspects) {
    if (names(together.suspects, suspect.subject)) continue;
    verdict.notes.push_back("not confirmed by another run: " + suspect.text);
  }
}

struct Ending {
  RunEnd end = RunEnd::whole;
  std::string reason;
};

// Errors: InputError.
Ending repeatInto(Report& again, const std::function<Report(Repeat)>& repeat, Repeat how) {
  try {
    again = repeat(how);
    return {again.end, again.endReason};
  } catch (const Interrupted& error) {
    return {RunEnd::interrupted, error.what()};
  } catch (const OutOfTime& error) {
    return {RunEnd::outOfTime, error.what()};
  } catch (const MeasureError& error) {
    return {RunEnd::targetFailed, error.what()};
  }
}

std::string asSentence(const Ending& ending) {
  switch (ending.end) {
    case RunEnd::interrupted:
      return "interrupted while the run was repeated";
    case RunEnd::outOfTime:
      return "the time of the run was over (--max-seconds) while it was repeated";
    default:
      return "a repeat of the run failed: " + firstLine(ending.reason);
  }
}

// Keeps the complete runs; the suspects stay unconfirmed.
void endPartial(Report& report, const std::vector<Reason>& suspects, const Ending& ending) {
  report.end = ending.end;
  report.endReason = asSentence(ending) + "; not confirmed: " + suspects.front().text;
  if (suspects.size() > 1) report.endReason += " and " + std::to_string(suspects.size() - 1) + " more";
  const auto output = ending.reason.find('\n');
  if (ending.end == RunEnd::targetFailed && output != std::string::npos)
    report.endReason += ending.reason.substr(output);
}

void noteFailures(const std::vector<Verdict>& repeats, Verdict& verdict) {
  for (const auto& repeat : repeats) {
    for (const auto& reason : repeat.failures) {
      verdict.notes.push_back("in a repeat only: " + reason.text);
    }
  }
}

}  // namespace

void judgeConfirmed(Report& report, const Baseline* baseline, unsigned runs,
                    const std::function<Report(Repeat)>& repeat) {
  report.verdict = judge(report, baseline);
  const Verdict first = report.verdict;
  if (!passesSoFar(first) || first.suspects.empty()) return;
  const Repeat how = repeatFor(report);
  const std::vector<Metric> metrics = report.metrics;
  std::vector<std::vector<Metric>> repeated;
  std::vector<Verdict> verdicts;
  while (repeated.size() < runs) {
    Report again;
    const Ending ending = repeatInto(again, repeat, how);
    if (ending.end != RunEnd::whole) {
      endPartial(report, first.suspects, ending);
      report.verdict = judge(report, baseline);
      break;
    }
    repeated.push_back(again.metrics);
    verdicts.push_back(judge(again, baseline));
    report.metrics = metrics;
    addRepeats(report.metrics, repeated);
    const Verdict together = judge(report, baseline);
    report.verdict = confirm(together, verdicts);
    noteUnconfirmed(first.suspects, together, report.verdict);
    if (passesSoFar(report.verdict)) break;
  }
  report.repeats = static_cast<unsigned>(repeated.size());
  if (report.end == RunEnd::whole) noteFailures(verdicts, report.verdict);
}

}  // namespace leakgate
