#include "session/gate_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <iterator>

#include "gate/budget_names.hpp"
#include "gate/judge.hpp"
#include "gate/loosening.hpp"
#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "report/report_json.hpp"
#include "scenario/load.hpp"
#include "scenario/printable.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

// Runs the gate over one scenario after another, and remembers their names.
class Gate {
 public:
  Gate(const GatePlan& plan, const GateSteps& steps) : plan_(plan), steps_(steps) {
    for (const auto& file : plan.elsewhere) noteSeen(file);
  }

  GateResult judgeOne(const fs::path& file, std::size_t number) {
    const auto start = std::chrono::steady_clock::now();
    GateResult result;
    result.name = file.stem().string();
    try {
      measureInto(result, file, fmt::format(" ({} of {})", number, plan_.scenarios.size()));
    } catch (const InputError& error) {
      refuse(result, Outcome::badInput, error.what());
    } catch (const std::exception& error) {
      // A target that died, or a file that cannot be read or written, fails this scenario, not the gate.
      refuse(result, Outcome::cannotMeasure, error.what());
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

  // Without its scenario a baseline gates nothing: that must be deliberate.
  std::vector<GateResult> baselinesWithoutScenario() const {
    std::vector<GateResult> results;
    for (const auto& file : jsonFilesIfAny(plan_.baselinesDirectory)) {
      if (seen_.contains(scenarioOfBaseline(file))) continue;
      GateResult& result = results.emplace_back();
      result.name = file.stem().string();
      refuse(result, Outcome::badInput,
             file.string() +
                 ": found no scenario of this name, expected one for every baseline; delete the "
                 "file if the scenario is gone for good");
    }
    std::sort(results.begin(), results.end(),
              [](const GateResult& a, const GateResult& b) { return a.name < b.name; });
    return results;
  }

  // What the base gates, and this gate does not.
  std::vector<GateResult> goneSinceBase() const {
    std::vector<GateResult> results;
    for (const auto& [name, scenario] : plan_.base->scenarios) {
      if (seen_.contains(scenarioOfBaseline(jsonFileOf("", name)))) continue;
      results.push_back(loosened(name, {"scenario", "gated", "gone"}));
    }
    for (const auto& loosening : loosenedSuppressions(plan_.base->suppressions, plan_.suppressions))
      results.push_back(loosened("suppressions", loosening));
    return results;
  }

 private:
  void measureInto(GateResult& result, const fs::path& file, const std::string& numbering) {
    seen_.insert(result.name);
    const Scenario scenario = loadScenario(file);
    result.name = scenario.name;
    checkBudgetNames(scenario);
    result.reportFile = jsonFileOf(plan_.reportsDirectory, scenario.name);
    seen_.insert(scenarioOfBaseline(result.reportFile));
    if (!reports_.insert(result.reportFile).second) {
      throw InputError(file.string(), "name", scenario.name, "a name that no other scenario has");
    }
    fs::remove(result.reportFile);
    const BaselineSet baselines = readBaselineSet(plan_.baselinesDirectory, scenario.name);

    Report report = steps_.measure(scenario, scenario.name + numbering);
    const Baseline* baseline = baselines.of(report.environment);
    result.hasBaseline = baseline != nullptr;
    if (baseline != nullptr) {
      for (const auto& finding : baseline->findings) result.knownFindings.push_back(finding.fingerprint);
      result.baselineMetrics = baseline->metrics;
    }
    judgeConfirmed(report, baseline, plan_.confirmRuns, [&](Repeat how) {
      return steps_.repeat(scenario, scenario.name + numbering + " again", how);
    });
    if (baseline == nullptr && report.end == RunEnd::whole)
      report.verdict.notes.push_back("no baseline: leakgate accept " + scenario.name);
    if (steps_.explain) steps_.explain(report);
    if (report.end == RunEnd::interrupted) report.verdict = judge(report, baseline);
    compareWithBase(report, baseline);
    result.outcome = report.verdict.outcome;
    result.report = std::move(report);
    // If this fails the report is printed all the same.
    writeAtomically(result.reportFile, toText(toJson(*result.report)));
    result.reportWritten = true;
  }

  // What the change lets pass is not seen by a measurement: a leak that was accepted is within its limits.
  void compareWithBase(Report& report, const Baseline* baseline) const {
    if (plan_.base == nullptr) return;
    const auto before = plan_.base->scenarios.find(report.scenario.name);
    if (before == plan_.base->scenarios.end()) return;
    const GateTerms was{&before->second, plan_.base->baselineOf(report.scenario.name, report.environment)};
    for (const auto& loosening : loosenings(was, {&report.scenario, baseline})) {
      const std::string line = looseningLine(loosening, plan_.base->ref, report.scenario.name);
      if (plan_.allowLoosened) {
        report.verdict.notes.push_back(line);
      } else {
        report.verdict.failures.push_back({std::string(kLoosened) + loosening.subject, line});
        report.verdict.outcome = worse(report.verdict.outcome, Outcome::fail);
      }
    }
  }

  // Measured by another shard, which reports what is wrong with it.
  void noteSeen(const fs::path& file) {
    seen_.insert(file.stem().string());
    try {
      seen_.insert(scenarioOfBaseline(jsonFileOf("", loadScenario(file).name)));
    } catch (const InputError&) {
    }
  }

  static void refuse(GateResult& result, Outcome outcome, const std::string& error) {
    result.outcome = worse(result.outcome, outcome);
    result.error = printable(error);
  }

  GateResult loosened(const std::string& name, const Loosening& loosening) const {
    GateResult result;
    result.name = name;
    const std::string line = looseningLine(loosening, plan_.base->ref, "");
    if (plan_.allowLoosened) {
      result.notes.push_back(line);
    } else {
      refuse(result, Outcome::fail, line);
    }
    return result;
  }

  const GatePlan& plan_;
  const GateSteps& steps_;
  std::set<fs::path> reports_;
  std::set<std::string> seen_;  ///< scenarios, as their baselines' files name them
};

}  // namespace

std::vector<GateResult> runGate(const GatePlan& plan, const GateSteps& steps) {
  Gate gate(plan, steps);
  std::vector<GateResult> results;
  for (const auto& file : plan.scenarios) {
    results.push_back(gate.judgeOne(file, results.size() + 1));
    if (steps.finished) steps.finished(results.back());
    if (plan.stop.stop_requested()) break;
  }
  if (!plan.wholeFolder || plan.stop.stop_requested()) return results;
  std::vector<GateResult> missing = gate.baselinesWithoutScenario();
  if (plan.base != nullptr) std::ranges::move(gate.goneSinceBase(), std::back_inserter(missing));
  for (auto& result : missing) {
    results.push_back(std::move(result));
    if (steps.finished) steps.finished(results.back());
  }
  return results;
}

GateResult resultOf(Report report, const fs::path& file) {
  GateResult result;
  result.name = report.scenario.name;
  result.outcome = report.verdict.outcome;
  result.reportFile = file;
  result.reportWritten = !file.empty();
  for (const auto& point : report.series)
    result.seconds += static_cast<double>(point.elapsedNs + point.settleNs) / 1e9;
  result.report = std::move(report);
  return result;
}

Outcome worstOf(const std::vector<GateResult>& results) {
  Outcome outcome = Outcome::pass;
  for (const auto& result : results) outcome = worse(outcome, result.outcome);
  return outcome;
}

}  // namespace leakgate
