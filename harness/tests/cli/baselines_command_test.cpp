// baselines_command.cpp and session/baseline_overview.cpp.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "command_run.hpp"
#include "report/atomic_file.hpp"
#include "report/baseline.hpp"
#include "report/sample_report.hpp"
#include "scenario/load.hpp"

using namespace leakgate;
using namespace leakgate::test;

namespace {

struct Folders {
  Workspace workspace;

  Printed show(const std::string& option = "") const {
    std::vector<std::string> arguments{"baselines",   workspace.file("baselines").string(),
                                       "--scenarios", workspace.file("scenarios").string(),
                                       "--reports",   workspace.file("latest").string()};
    if (!option.empty()) arguments.push_back(option);
    return printedBy(arguments);
  }

  // A scenario, what was accepted of it, and what the last gate measured.
  void add(const std::string& name, Report accepted, Report measured, const std::string& reason) const {
    const Scenario scenario = loadScenario(workspace.addScenario(name));
    accepted.scenario = measured.scenario = scenario;
    Baseline baseline = reduce(accepted);
    if (!reason.empty()) baseline.log = {{"2026-02-02", "c0ffee", reason, {}}};
    writeAtomically(workspace.file("baselines/" + name + ".json"), toText(baseline));
    writeReport(workspace, "latest/" + name + ".json", measured);
  }
};

}  // namespace

TEST_CASE("baselines: slack, reasons, and what is missing") {
  const Folders folders;
  folders.add("loose", allocating(4, std::nullopt, 4), allocating(3, std::nullopt, 3), "a buffer");
  Report measured = cleanReport();
  measured.suppressions = {{"SSL_new", "known.supp", 3, 0}};
  folders.add("tight", cleanReport(), measured, "");
  folders.workspace.addScenario("fresh");
  Baseline gone = reduce(cleanReport());
  gone.scenarioName = "gone";
  writeAtomically(folders.workspace.file("baselines/gone.json"), toText(gone));

  const Printed text = folders.show();
  CAPTURE(text.text);
  CHECK(text.status == 0);
  CHECK(text.text.find("loose     1             -          a buffer\n") != std::string::npos);
  CHECK(text.text.find("tight     none          -          -\n") != std::string::npos);
  CHECK(text.text.find("gone      not measured  -          -\n") != std::string::npos);
  CHECK(text.text.find("loose: allocations_per_request: 4 blocks, could be 3 blocks\n") != std::string::npos);
  CHECK(text.text.find("Scenarios without a baseline:\n  fresh\n") != std::string::npos);
  CHECK(text.text.find("baselines/gone.json\n") != std::string::npos);
  CHECK(text.text.find("known.supp:3: leak:SSL_new has matched nothing") != std::string::npos);

  const auto json = nlohmann::json::parse(folders.show("--json").text);
  CHECK(json["baselines"][1]["slack"][0]["measured"] == "3 blocks");
  CHECK(json["scenarios_without_baseline"] == nlohmann::json{"fresh"});
}

TEST_CASE("baselines: a budget is loose as well, and then the baseline's count is not asked") {
  const Folders folders;
  folders.add("budgeted", allocating(4, std::nullopt, 4), allocating(3, std::nullopt, 3), "");
  const auto file = folders.workspace.file("latest/budgeted.json");
  auto report = nlohmann::ordered_json::parse(readWhole(file));
  report["scenario"]["content"]["budgets"]["allocations_per_request"] = {{"max", 10}};
  writeAtomically(file, report.dump());
  const Printed text = folders.show();
  CAPTURE(text.text);
  CHECK(text.text.find("budgeted: allocations_per_request: at most 10 blocks, could be 3 blocks\n") !=
        std::string::npos);
  CHECK(text.text.find("4 blocks, could be") == std::string::npos);
}

TEST_CASE("baselines: a folder that is not there, and a file that is no baseline, are named") {
  const Folders folders;
  folders.workspace.addScenario("one");
  CHECK(folders.show().status == 2);
  writeAtomically(folders.workspace.file("baselines/one.json"), "{");
  const Printed text = folders.show();
  CHECK(text.status == 2);
  CHECK(text.text.find("baselines/one.json") != std::string::npos);
}
