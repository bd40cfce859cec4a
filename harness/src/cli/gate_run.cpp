#include "cli/gate_run.hpp"

#include <fmt/core.h>

#include <chrono>

#include "cli/places.hpp"
#include "gate/judge.hpp"
#include "replay/measure_error.hpp"
#include "report/atomic_file.hpp"
#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "scenario/load.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

// The gate over one scenario after another; remembers the names it has seen.
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
    } catch (const MeasureError& error) {
      refuse(result, Outcome::cannotMeasure, error.what());
    }
    result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    return result;
  }

 private:
  void measureInto(GateResult& result, const fs::path& file, const std::string& numbering) {
    const Scenario scenario = loadScenario(file);
    result.name = scenario.name;
    result.reportFile = jsonFileOf(plan_.reportsDirectory, scenario.name);
    if (!seen_.insert(result.reportFile).second) {
      throw InputError(file.string(), "name", scenario.name, "a name that no other scenario has");
    }
    fs::remove(result.reportFile);
    const auto baseline = baselineOf(scenario);
    result.hasBaseline = baseline.has_value();

    const auto measureOnce = [&](const std::string& subject) {
      Report report = steps_.measure(scenario, subject);
      report.verdict = judge(report, baseline ? &*baseline : nullptr);
      return report;
    };
    Report report = measureOnce(scenario.name + numbering);
    confirmSuspects(report, [&] { return measureOnce(scenario.name + numbering + " again").verdict; });
    if (!baseline) report.verdict.notes.push_back("no baseline: leakgate accept " + scenario.name);
    if (steps_.explain) steps_.explain(report);
    if (report.end == RunEnd::interrupted) report.verdict = judge(report, baseline ? &*baseline : nullptr);
    writeAtomically(result.reportFile, toText(toJson(report)));
    result.outcome = report.verdict.outcome;
    result.report = std::move(report);
  }

  std::optional<Baseline> baselineOf(const Scenario& scenario) const {
    const fs::path file = jsonFileOf(plan_.baselinesDirectory, scenario.name);
    if (!fs::exists(file)) return std::nullopt;
    return readBaseline(file);
  }

  // Only a run that would pass but for its suspects is worth repeating.
  void confirmSuspects(Report& report, const std::function<Verdict()>& repeat) const {
    if (report.verdict.outcome != Outcome::pass || report.verdict.suspects.empty()) return;
    std::vector<Verdict> repeats;
    Verdict confirmed = report.verdict;
    for (unsigned i = 0; i < plan_.confirmRuns; ++i) {
      repeats.push_back(repeat());
      confirmed = confirm(report.verdict, repeats);
      if (confirmed.outcome == Outcome::pass) break;
    }
    if (!repeats.empty()) report.verdict = confirmed;
    if (plan_.stop.stop_requested() && report.end == RunEnd::whole) {
      report.end = RunEnd::interrupted;
      report.endReason = "interrupted while the run was repeated";
    }
  }

  static void refuse(GateResult& result, Outcome outcome, const std::string& error) {
    result.outcome = outcome;
    result.error = error;
  }

  const GatePlan& plan_;
  const GateSteps& steps_;
  std::set<fs::path> seen_;
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
  return results;
}

Outcome worstOf(const std::vector<GateResult>& results) {
  Outcome outcome = Outcome::pass;
  for (const auto& result : results) outcome = worse(outcome, result.outcome);
  return outcome;
}

}  // namespace leakgate
