// A gate over literal reports: no target is started.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "report/baseline.hpp"
#include "scenario/load.hpp"
#include "session/gate_run.hpp"
#include "session/workspace.hpp"

namespace leakgate {

struct FakeGate {
  Workspace workspace;
  GatePlan plan{{}, workspace.file("baselines"), workspace.file("latest")};
  std::map<std::string, std::function<Report()>> measured;
  std::vector<std::string> subjects;

  void add(const std::string& name, std::function<Report()> measure) {
    plan.scenarios.push_back(workspace.addScenario(name));
    measured[name] = std::move(measure);
  }

  std::vector<GateResult> run() {
    GateSteps steps;
    steps.measure = [this](const Scenario& scenario, const std::string& subject) {
      subjects.push_back(subject);
      Report report = measured.at(scenario.name)();
      report.scenario = scenario;
      return report;
    };
    steps.repeat = [steps](const Scenario& scenario, const std::string& subject, Repeat) {
      return steps.measure(scenario, subject);
    };
    return runGate(plan, steps);
  }

  /// What `accept` would have written of the scenario.
  void accept(const std::string& name, Report report) {
    report.scenario = loadScenario(workspace.file("scenarios/" + name + ".json"));
    writeAtomically(workspace.file("baselines/" + name + ".json"), toText(reduce(report)));
  }
};

}  // namespace leakgate
