// leakgate run: replays one scenario, judged by its budgets and findings.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/commands.hpp"
#include "cli/format_option.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/replay_arguments.hpp"
#include "cli/scenario_overrides.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/budget_names.hpp"
#include "gate/judge.hpp"
#include "gate/suppressions.hpp"
#include "report/atomic_file.hpp"
#include "report/report_json.hpp"
#include "report/run_text.hpp"
#include "report/table.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/load.hpp"
#include "session/gate_run.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

struct RunArguments {
  std::string scenario;
  ScenarioOverrides overrides;
  ReplayArguments replay;
  std::vector<std::string> formats;
  std::string output;
  bool noSelfAudit = false;
  bool json = false;
  bool quiet = false;
};

constexpr const char* kRunHelp =
    "Starts the scenario's server under the counting shim, replays its requests, and says what grows with what.\n"
    "When something grows, short experiments follow: each step alone, then one thing changed at a time.\n"
    "Works on any HTTP server that is dynamically linked; nothing has to be rebuilt.\n\n"
    "Example, h3-demo under a committed scenario:\n"
    "  leakgate run scenarios/context_churn.json\n"
    "Example, another build of the scenario's server, with a report to keep:\n"
    "  leakgate run mine.json --target 'build/my-server --port {port}' -o before.json\n\n"
    "When something grew, a second replay shows the call stacks of what grew; --depth sites forbids it.\n\n"
    "A budget that looks broken is measured up to four times more, and is when all runs agree.\n\n"
    "Exit codes: 0 pass; 1 leak or broken budget; 2 wrong usage or bad file; 3 could not measure.";

Scenario withOverrides(const RunArguments& arguments) {
  Scenario scenario = loadScenario(fileOrName(arguments.scenario, kScenariosDirectory));
  arguments.overrides.applyTo(scenario);
  checkBudgetNames(scenario);
  return scenario;
}

std::string commandLine(const RunArguments& arguments, const Scenario& scenario) {
  std::string line = shellQuoted(commandName()) + " run " + shellQuoted(arguments.scenario);
  line += typedLoad(scenario) + arguments.replay.typed();
  if (!arguments.overrides.target.empty()) line += " --target " + shellQuoted(arguments.overrides.target);
  return line;
}

// `file`: of the report, "" without one.
void print(const Report& report, const RunArguments& arguments, const std::string& file) {
  if (arguments.json) {
    writeOutput(toText(toJson(report)));
  } else if (!arguments.quiet || exitCodeOf(report.verdict.outcome) != 0) {
    writeText(runText(report, {wantsColour(STDOUT_FILENO), file, charsetOfLocale()}));
  }
}

// Prints the report even if the file could not be written.
void deliver(const Report& report, const RunArguments& arguments) {
  if (arguments.output.empty()) return print(report, arguments, "");
  try {
    writeAtomically(arguments.output, toText(toJson(report)));
  } catch (const InputError&) {
    print(report, arguments, "");
    throw;
  }
  print(report, arguments, arguments.output);
}

Outcome run(const RunArguments& arguments) {
  const InterruptWatch interrupt;
  const Scenario scenario = withOverrides(arguments);
  if (!arguments.output.empty()) checkOutputFile(arguments.output, scenario.file, "-o");
  const auto formats = formatFilesOf(arguments.formats);
  ProgressLine progress(arguments.quiet ? ProgressLine::Mode::silent : ProgressLine::modeFor(STDERR_FILENO));
  progress.setSubject(scenario.name);
  Measurer measurer;
  MeasureOptions options = arguments.replay.measureOptions();
  options.reproduce = commandLine(arguments, scenario);
  options.stop = interrupt.token();
  options.selfAuditing = arguments.noSelfAudit ? SelfAuditing::no : SelfAuditing::yes;
  options.say = [&](std::string_view text) { progress.say(text); };
  Report report = measurer.measure(scenario, options, progress);
  judgeConfirmed(report, nullptr, kConfirmRuns, [&](Repeat how) {
    progress.setSubject(scenario.name + " again");
    return measurer.measure(scenario, repeatOptions(options, how), progress);
  });
  measurer.explain(report, arguments.replay.triggerTime(), interrupt.token(), progress);
  if (report.end == RunEnd::interrupted) report.verdict = judge(report, nullptr);
  for (auto& line : unusedSuppressions({&report})) report.verdict.notes.push_back(std::move(line));
  deliver(report, arguments);
  const std::vector<GateResult> results{resultOf(std::move(report), arguments.output)};
  writeFormats(formats, {results, shellQuoted(commandName()) + " gate", results.front().seconds});
  return results.front().outcome;
}

}  // namespace

Action addRunCommand(CLI::App& app) {
  auto arguments = std::make_shared<RunArguments>();
  CLI::App& command = *app.add_subcommand("run", "Replay one scenario and judge it");
  command.footer(kRunHelp);
  command
      .add_option("SCENARIO", arguments->scenario,
                  "scenario file (leakgate.scenario/1), or the name of one in scenarios/")
      ->required();
  addTargetOption(command, arguments->overrides);
  addReplayOptions(command, arguments->replay, {"none", "count", "sites", "stacks"});
  addLoadOptions(command, arguments->overrides);
  command.add_option("-o,--output", arguments->output, "write the report to this file")
      ->check(notEmpty("a file"));
  addFormatOption(command, arguments->formats);
  command.add_flag("--no-self-audit", arguments->noSelfAudit,
                   "do not measure what the shim itself costs (four short runs more)");
  command.add_flag("--json", arguments->json, "print the report as JSON instead of text");
  command.add_flag("--quiet", arguments->quiet, "no progress, and no output when it passes");
  return [arguments] { return run(*arguments); };
}

}  // namespace leakgate
