// leakgate gate: replays every scenario, gives one verdict.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>

#include "cli/command_words.hpp"
#include "cli/commands.hpp"
#include "cli/gate_text.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/replay_arguments.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/suppressions.hpp"
#include "report/table.hpp"
#include "scenario/input_error.hpp"
#include "session/gate_run.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

struct GateArguments {
  std::vector<std::string> scenarios;
  std::string scenariosDirectory = kScenariosDirectory;
  std::string baselinesDirectory = kBaselinesDirectory;
  std::string reportsDirectory = kReportsDirectory;
  ReplayArguments replay;
  bool json = false;
};

constexpr const char* kGateHelp =
    "Replays every scenario, writes one report each, compares each with its baseline, and prints one table and one\n"
    "verdict. A scenario that looks worse is repeated up to four times and fails only when all runs agree.\n\n"
    "Example, what a CI job runs:\n"
    "  leakgate gate --scenarios scenarios --baselines reports/baselines --reports reports/latest\n"
    "Example, one scenario of them:\n"
    "  leakgate gate context_churn\n\n"
    "A scenario without a baseline is judged by its budgets and findings alone; `leakgate accept` makes one.\n"
    "A baseline without a scenario is a bad file, unless scenarios are named: a gate would be lost silently.\n"
    "Exit codes, the worst of all scenarios in this order: 2 wrong usage or bad file; 3 could not measure; 1 leak or\n"
    "regression; 0 pass.";

GatePlan planOf(const GateArguments& arguments) {
  GatePlan plan;
  std::error_code none;
  if (std::filesystem::exists(arguments.baselinesDirectory, none) &&
      !std::filesystem::is_directory(arguments.baselinesDirectory, none)) {
    throw InputError("--baselines", "", arguments.baselinesDirectory + ", a file", "a folder of baselines",
                     "one that is not there yet is made by leakgate accept");
  }
  checkOutputFolder(arguments.reportsDirectory, "--reports");
  plan.baselinesDirectory = arguments.baselinesDirectory;
  plan.reportsDirectory = arguments.reportsDirectory;
  plan.wholeFolder = arguments.scenarios.empty();
  if (plan.wholeFolder) plan.scenarios = jsonFilesIn(arguments.scenariosDirectory, "scenarios");
  for (const auto& scenario : arguments.scenarios) {
    plan.scenarios.push_back(fileOrName(scenario, arguments.scenariosDirectory));
  }
  return plan;
}

std::vector<std::string> unusedIn(const std::vector<GateResult>& results) {
  std::vector<const Report*> reports;
  for (const auto& result : results)
    if (result.report) reports.push_back(&*result.report);
  return unusedSuppressions(reports);
}

Outcome gate(const GateArguments& arguments) {
  const InterruptWatch interrupt;
  const auto start = std::chrono::steady_clock::now();
  GatePlan plan = planOf(arguments);
  plan.stop = interrupt.token();
  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  Measurer measurer;
  MeasureOptions options = arguments.replay.measureOptions();
  options.stop = interrupt.token();
  options.selfAuditing = SelfAuditing::yes;
  options.say = [&](std::string_view text) { progress.say(text); };
  GateSteps steps;
  steps.measure = [&](const Scenario& scenario, const std::string& subject) {
    progress.setSubject(subject);
    options.reproduce =
        shellQuoted(commandName()) + " run " + shellQuoted(scenario.file) + arguments.replay.typed();
    return measurer.measure(scenario, options, progress);
  };
  steps.repeat = [&](const Scenario& scenario, const std::string& subject, Repeat how) {
    progress.setSubject(subject);
    return measurer.measure(scenario, repeatOptions(options, how), progress);
  };
  steps.explain = [&](Report& report) {
    measurer.explain(report, arguments.replay.triggerTime(), interrupt.token(), progress);
  };
  steps.finished = [&](const GateResult& result) {
    progress.say(fmt::format("{}: {} ({:.1f} s)", result.name, toString(result.outcome), result.seconds));
  };
  const auto results = runGate(plan, steps);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (arguments.json) {
    writeOutput(gateJson(results));
  } else {
    writeText(gateText(results, seconds, wantsColour(STDOUT_FILENO)));
  }
  for (const auto& line : unusedIn(results)) printError("note: {}\n", line);
  if (results.size() < plan.scenarios.size()) {
    printError("leakgate: interrupted: {} of {} scenarios were not measured\n",
               plan.scenarios.size() - results.size(), plan.scenarios.size());
    return worse(worstOf(results), Outcome::cannotMeasure);
  }
  return worstOf(results);
}

}  // namespace

Action addGateCommand(CLI::App& app) {
  auto arguments = std::make_shared<GateArguments>();
  CLI::App& command = *app.add_subcommand("gate", "Replay all scenarios and give one verdict");
  command.footer(kGateHelp);
  command.add_option("SCENARIO", arguments->scenarios,
                     "scenario files, or names in --scenarios; all of it when none is named");
  command.add_option("--scenarios", arguments->scenariosDirectory, "folder of the scenarios")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  command.add_option("--baselines", arguments->baselinesDirectory, "folder of the baselines")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  command.add_option("--reports", arguments->reportsDirectory, "folder that the reports are written to")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  addReplayOptions(command, arguments->replay, {"sites", "stacks"});
  command.add_flag("--json", arguments->json, "print a summary as JSON instead of the table");
  return [arguments] { return gate(*arguments); };
}

}  // namespace leakgate
