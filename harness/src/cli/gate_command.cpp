// leakgate gate: replays every scenario, gives one verdict.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>
#include <optional>

#include "cli/commands.hpp"
#include "cli/format_option.hpp"
#include "cli/gate_summary.hpp"
#include "cli/gate_text.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/replay_arguments.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/suppressions.hpp"
#include "report/atomic_file.hpp"
#include "report/environment.hpp"
#include "report/hash.hpp"
#include "report/table.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "session/base_revision.hpp"
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
  std::string baseRef;
  bool allowLoosened = false;
  std::string shard = "1/1";
  std::vector<std::string> formats;
  std::string output;
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
    "A baseline without a scenario is a bad file, unless scenarios are named: a gate would be lost silently.\n\n"
    "A change that leaks and accepts the leak passes by its own baselines. --base-ref compares them, and budgets, steps\n"
    "and suppressions, with those of another revision; what is looser is LOOSENED and fails, with the reason that accept\n"
    "was given. --allow-loosened tells it and fails nothing:\n"
    "  leakgate gate --base-ref origin/main\n\n"
    "For CI servers the results are written in their formats, too:\n"
    "  leakgate gate --format junit=leaks.xml\n\n"
    "Large gates are split over parallel jobs by --shard, and put together by leakgate merge.\n\n"
    "Exit codes, the worst of all scenarios in this order: 2 wrong usage or bad file; 3 could not measure; 1 leak or\n"
    "regression; 0 pass.";

std::vector<std::filesystem::path> scenariosOf(const GateArguments& arguments) {
  if (arguments.scenarios.empty()) return jsonFilesIn(arguments.scenariosDirectory, "scenarios");
  std::vector<std::filesystem::path> files;
  for (const auto& scenario : arguments.scenarios)
    files.push_back(fileOrName(scenario, arguments.scenariosDirectory));
  return files;
}

GatePlan planOf(const GateArguments& arguments, const std::vector<std::filesystem::path>& files) {
  GatePlan plan;
  std::error_code none;
  if (std::filesystem::exists(arguments.baselinesDirectory, none) &&
      !std::filesystem::is_directory(arguments.baselinesDirectory, none)) {
    throw InputError("--baselines", "", arguments.baselinesDirectory + ", a file", "a folder of baselines",
                     "one that is not there yet is made by leakgate accept");
  }
  checkOutputFolder(arguments.reportsDirectory, "--reports");
  if (!arguments.output.empty()) requireWritable(arguments.output);
  plan.baselinesDirectory = arguments.baselinesDirectory;
  plan.reportsDirectory = arguments.reportsDirectory;
  plan.allowLoosened = arguments.allowLoosened;
  const Shard shard = *shardOf(arguments.shard);
  // What concerns the folder as a whole is told by one shard.
  plan.wholeFolder = arguments.scenarios.empty() && shard.index == 1;
  for (std::size_t i = 0; i < files.size(); ++i)
    (shard.has(i) ? plan.scenarios : plan.elsewhere).push_back(files[i]);
  return plan;
}

std::optional<BaseRevision> baseOf(const GateArguments& arguments) {
  if (arguments.baseRef.empty()) return std::nullopt;
  return readBaseRevision(arguments.baseRef, {arguments.scenariosDirectory, arguments.baselinesDirectory,
                                              arguments.replay.suppressions});
}

// How to call it again, for one scenario.
std::string gateCommandOf(const GateArguments& arguments) {
  const GateArguments usual;
  std::string line = shellQuoted(commandName()) + " gate";
  if (arguments.scenariosDirectory != usual.scenariosDirectory)
    line += " --scenarios " + shellQuoted(arguments.scenariosDirectory);
  if (arguments.baselinesDirectory != usual.baselinesDirectory)
    line += " --baselines " + shellQuoted(arguments.baselinesDirectory);
  if (!arguments.baseRef.empty()) line += " --base-ref " + shellQuoted(arguments.baseRef);
  return line + arguments.replay.typed();
}

std::vector<std::string> unusedIn(const std::vector<GateResult>& results) {
  std::vector<const Report*> reports;
  for (const auto& result : results)
    if (result.report) reports.push_back(&*result.report);
  return unusedSuppressions(reports);
}

// Must outlive the gate.
struct GateTools {
  const GateArguments& arguments;
  std::stop_token stop;
  ProgressLine progress{ProgressLine::modeFor(STDERR_FILENO)};
  Measurer measurer{};
  MeasureOptions options = arguments.replay.measureOptions();
};

GateSteps stepsOf(GateTools& tools) {
  tools.options.stop = tools.stop;
  tools.options.selfAuditing = SelfAuditing::yes;
  tools.options.say = [&](std::string_view text) { tools.progress.say(text); };
  GateSteps steps;
  steps.measure = [&](const Scenario& scenario, const std::string& subject) {
    tools.progress.setSubject(subject);
    tools.options.reproduce =
        shellQuoted(commandName()) + " run " + shellQuoted(scenario.file) + tools.arguments.replay.typed();
    return tools.measurer.measure(scenario, tools.options, tools.progress);
  };
  steps.repeat = [&](const Scenario& scenario, const std::string& subject, Repeat how) {
    tools.progress.setSubject(subject);
    return tools.measurer.measure(scenario, repeatOptions(tools.options, how), tools.progress);
  };
  steps.explain = [&](Report& report) {
    tools.measurer.explain(report, tools.arguments.replay.triggerTime(), tools.stop, tools.progress);
  };
  steps.finished = [&](const GateResult& result) {
    tools.progress.say(
        fmt::format("{}: {} ({:.1f} s)", result.name, toString(result.outcome), result.seconds));
  };
  return steps;
}

// Of the names, so that shards of different lists are not merged.
std::string hashOfNames(const std::vector<std::filesystem::path>& files) {
  std::vector<std::string> names;
  for (const auto& file : files) names.push_back(file.stem().string());
  return hashOf(names);
}

struct GateEnd {
  std::vector<GateResult> results;
  Outcome outcome = Outcome::pass;
  double seconds = 0;
  std::string planned;  ///< hash of the scenarios of all shards
};

GateSummary gateReport(const GateEnd& end, const GateArguments& arguments) {
  GateSummary summary = summaryOf(end.results, gateCommandOf(arguments));
  summary.outcome = end.outcome;
  summary.exitCode = exitCodeOf(end.outcome);
  summary.commit = describeMachine().commit;
  summary.shard = *shardOf(arguments.shard);
  summary.planned = end.planned;
  summary.seconds = end.seconds;
  return summary;
}

void deliver(const GateEnd& end, const GateArguments& arguments, const std::vector<FormatFile>& formats) {
  std::string report;
  if (arguments.json || !arguments.output.empty()) report = toText(gateReport(end, arguments));
  if (!arguments.output.empty()) writeAtomically(arguments.output, report);
  if (arguments.json) {
    writeOutput(report);
  } else {
    writeText(gateText(
        end.results, {end.seconds, wantsColour(STDOUT_FILENO), gateCommandOf(arguments), charsetOfLocale()}));
  }
  writeFormats(formats, {end.results, gateCommandOf(arguments), end.seconds});
}

Outcome gate(const GateArguments& arguments) {
  const InterruptWatch interrupt;
  const auto start = std::chrono::steady_clock::now();
  const auto formats = formatFilesOf(arguments.formats);
  const auto files = scenariosOf(arguments);
  GatePlan plan = planOf(arguments, files);
  plan.stop = interrupt.token();
  const std::optional<BaseRevision> base = baseOf(arguments);
  if (base) plan.base = &*base;
  GateTools tools{arguments, interrupt.token()};
  plan.suppressions = tools.options.suppressions;
  GateEnd end;
  end.results = runGate(plan, stepsOf(tools));
  end.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  end.planned = hashOfNames(files);
  const std::size_t measured = end.results.size();
  const bool whole = measured >= plan.scenarios.size();
  end.outcome = whole ? worstOf(end.results) : worse(worstOf(end.results), Outcome::cannotMeasure);
  deliver(end, arguments, formats);
  for (const auto& line : unusedIn(end.results)) printError("note: {}\n", line);
  if (!whole) {
    printError("leakgate: interrupted: {} of {} scenarios were not measured\n",
               plan.scenarios.size() - measured, plan.scenarios.size());
  }
  return end.outcome;
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
  auto* baseRef = command
                      .add_option("--base-ref", arguments->baseRef,
                                  "a commit, branch or tag; what is looser than there fails")
                      ->check(notEmpty("a revision"));
  command
      .add_flag("--allow-loosened", arguments->allowLoosened, "tell what is looser, and do not fail by it")
      ->needs(baseRef);
  addReplayOptions(command, arguments->replay, {"sites", "stacks"});
  command
      .add_option(
          "--shard", arguments->shard,
          "i/n: only every n-th scenario, from the i-th on, for n jobs side by side; see leakgate merge")
      ->check(CLI::Validator(checkShard, "i/n"));
  command
      .add_option("-o,--output", arguments->output, "write the gate's report (leakgate.gate/1) to this file")
      ->check(notEmpty("a file"));
  addFormatOption(command, arguments->formats);
  command.add_flag("--json", arguments->json, "print the gate's report as JSON instead of the table");
  return [arguments] { return gate(*arguments); };
}

}  // namespace leakgate
