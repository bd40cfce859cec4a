// Results for the writers: a gate of each outcome, and one whose names an attacker chose.
#pragma once

#include <string>
#include <vector>

#include "report/finding_text.hpp"
#include "report/sample_report.hpp"
#include "session/gate_run.hpp"

namespace leakgate {

/// What breaks a format: ends of line, of quotes, of elements and of commands; control characters, a tab, bytes that
/// are no UTF-8, a character that reorders text, two that are none to XML.
inline const std::string kHostileName =
    // NOLINTNEXTLINE(misc-misleading-bidirectional): it is to mislead
    "a\n::error::b\r<c a=\"'&]]>|`\\ ;\t{x=\"y\"} %0A \x01\x1b[31m\x7f \xff\xc3 \u202e \xef\xbf\xbe\xef\xbf\xbf \U0001f600";

/// 1 MB, cut within a character by most limits.
inline std::string hugeName() {
  std::string name;
  while (name.size() < 1'000'000) name += "\xc3\xa9";
  return name;
}

/// With a verdict as the gate gives it, by its findings alone.
inline Report failed(Report report) {
  for (const auto& finding : report.findings)
    report.verdict.failures.push_back({finding.fingerprint, findingLine(finding)});
  report.verdict.outcome = Outcome::fail;
  report.startedAt = "2026-11-30T12:34:56Z";
  return report;
}

inline GateResult resultNamed(const std::string& name, Report report) {
  report.scenario.name = name;
  return resultOf(std::move(report), "reports/latest/x.json");
}

inline GateResult resultWithout(const std::string& name, Outcome outcome, const std::string& error) {
  GateResult result;
  result.name = name;
  result.outcome = outcome;
  result.error = error;
  return result;
}

/// One that passed, one with a leak, one that died, one with a bad file.
inline std::vector<GateResult> mixedResults() {
  return {resultNamed("clean", cleanReport()), resultNamed("leaky", failed(leakyReport())),
          resultWithout("dead", Outcome::cannotMeasure, "the target died\nits last output"),
          resultWithout("gone", Outcome::badInput, "baselines/gone.json: found no scenario of this name")};
}

/// Everything that has a name has this one, also those that are to be unique.
inline std::vector<GateResult> resultsNamed(const std::string& name) {
  Report leaky = leakyReport();
  auto& finding = leaky.findings[0];
  finding.place = {name, name, 7, name, name};
  finding.growth.step = finding.growth.detail = name;
  finding.growth.evidence = {name, name};
  for (auto& frame : finding.stack) frame.function = frame.file = frame.module = name;
  finding.stacks = {{{0, 1}, {0, 8}, 1, 8, true, "0123456789abcdef", finding.stack}};
  finding.stackCount = 1;
  leaky.findings.push_back(finding);
  leaky.reproduce = name;
  leaky.metrics.push_back({name, 1, name, MetricKind::spread, Direction::lower, Spread{2, 0, 1}});
  leaky.metrics.push_back(leaky.metrics.back());
  leaky.steps = {{name, 8, 1, 2, false, 0, 0, 0}, {name, 8, 1, 2, false, 0, 0, 0}};
  leaky.environment.commit = leaky.environment.cpu = leaky.environment.compiler = name;
  leaky = failed(leaky);
  leaky.verdict.failures.push_back({name, name});
  leaky.verdict.notes.push_back(name);
  const GateResult result = resultNamed(name, leaky);
  return {result, result, resultWithout(name, Outcome::cannotMeasure, name)};
}

}  // namespace leakgate
