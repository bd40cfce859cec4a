#include "session/gate_run.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>

#include "gate/budget_names.hpp"
#include "gate/judge.hpp"
#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "report/baseline.hpp"
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
  Gate(const GatePlan& plan, const GateSteps& steps) : plan_(plan), steps_(steps) {}

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
    std::error_code none;
    for (const auto& entry : fs::directory_iterator(plan_.baselinesDirectory, none)) {
      const fs::path& file = entry.path();
      if (file.extension() != ".json" || baselinesSeen_.contains(file)) continue;
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

 private:
  void measureInto(GateResult& result, const fs::path& file, const std::string& numbering) {
    baselinesSeen_.insert(jsonFileOf(plan_.baselinesDirectory, result.name));
    const Scenario scenario = loadScenario(file);
    result.name = scenario.name;
    baselinesSeen_.insert(jsonFileOf(plan_.baselinesDirectory, scenario.name));
    checkBudgetNames(scenario);
    result.reportFile = jsonFileOf(plan_.reportsDirectory, scenario.name);
    if (!seen_.insert(result.reportFile).second) {
      throw InputError(file.string(), "name", scenario.name, "a name that no other scenario has");
    }
    fs::remove(result.reportFile);
    const auto baseline = baselineOf(scenario);
    result.hasBaseline = baseline.has_value();

    Report report = steps_.measure(scenario, scenario.name + numbering);
    judgeConfirmed(report, baseline ? &*baseline : nullptr, plan_.confirmRuns, [&](Repeat how) {
      return steps_.repeat(scenario, scenario.name + numbering + " again", how);
    });
    if (!baseline && report.end == RunEnd::whole)
      report.verdict.notes.push_back("no baseline: leakgate accept " + scenario.name);
    if (steps_.explain) steps_.explain(report);
    if (report.end == RunEnd::interrupted) report.verdict = judge(report, baseline ? &*baseline : nullptr);
    result.outcome = report.verdict.outcome;
    result.report = std::move(report);
    // If this fails the report is printed all the same.
    writeAtomically(result.reportFile, toText(toJson(*result.report)));
    result.reportWritten = true;
  }

  std::optional<Baseline> baselineOf(const Scenario& scenario) const {
    const fs::path file = jsonFileOf(plan_.baselinesDirectory, scenario.name);
    if (!fs::exists(file)) return std::nullopt;
    return readBaseline(file);
  }

  static void refuse(GateResult& result, Outcome outcome, const std::string& error) {
    result.outcome = worse(result.outcome, outcome);
    result.error = printable(error);
  }

  const GatePlan& plan_;
  const GateSteps& steps_;
  std::set<fs::path> seen_;
  std::set<fs::path> baselinesSeen_;
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
  if (!plan.wholeFolder) return results;
  for (auto& result : gate.baselinesWithoutScenario()) {
    results.push_back(std::move(result));
    if (steps.finished) steps.finished(results.back());
  }
  return results;
}

Outcome worstOf(const std::vector<GateResult>& results) {
  Outcome outcome = Outcome::pass;
  for (const auto& result : results) outcome = worse(outcome, result.outcome);
  return outcome;
}

}  // namespace leakgate
