// leakgate profile: what each call stack allocates per request.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <memory>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/scenario_overrides.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/judge.hpp"
#include "report/atomic_file.hpp"
#include "report/profile_text.hpp"
#include "report/report_json.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/load.hpp"
#include "scenario/nearest_names.hpp"
#include "scenario/printable.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"
#include "session/named_files.hpp"
#include "session/request_costs.hpp"

namespace leakgate {

namespace {

constexpr std::array kOrders{ProfileBy::allocations, ProfileBy::bytes, ProfileBy::live};
constexpr std::size_t kMaxRows = 10'000;

struct ProfileArguments {
  std::string scenario;
  ScenarioOverrides overrides;
  std::string path;
  std::string from;
  std::string by = "allocations";
  std::string step;
  std::string output;
  std::size_t top = 10;
  unsigned maxSeconds = kMaxSeconds;
  unsigned readySeconds = kReadySeconds;
  bool tree = false;
  bool mixOnly = false;
  bool systemCalls = false;
  bool instructions = false;
  bool json = false;
};

constexpr const char* kProfileHelp =
    "Replays a scenario with the call stack of each allocation, and says which stacks allocate most per request, in blocks\n"
    "and bytes, what became of it, and what is live at the end. Every allocation is counted; nothing is sampled.\n\n"
    "While steps are mixed, no count says which request an allocation was for: each step is replayed alone as well, in a\n"
    "new process, and --step NAME shows it.\n\n"
    "Example, a scenario, and its bytes as a tree of callers:\n"
    "  leakgate profile scenarios/json_echo.json\n"
    "  leakgate profile scenarios/json_echo.json --by bytes --tree\n"
    "Example, a server without a scenario:\n"
    "  leakgate profile --target 'build/my-server --port {port}' --path /users/1\n"
    "Example, with what a request costs beside memory, counted by strace and valgrind in replays of their own:\n"
    "  leakgate profile json_echo --system-calls --instructions\n"
    "Example, another view of the same run:\n"
    "  leakgate profile json_echo -o profile.json\n"
    "  leakgate profile --from profile.json --by live --top 30\n\n"
    "then: freed in the same block of requests, later in the run, or kept to its end. A profile is no verdict: leakgate\n"
    "run proves what grows.\n\n"
    "Exit codes: 0 profiled; 2 wrong usage or bad file; 3 could not measure.";

// GET of one path, for a target without a scenario.
Scenario plainScenario(const ProfileArguments& arguments) {
  Scenario scenario;
  scenario.name = "profile";
  scenario.file = "--target";
  scenario.load.warmup = 200;
  scenario.load.requests = 2000;
  Step step;
  step.name = "get";
  step.path = arguments.path.empty() ? "/" : arguments.path;
  step.expect = Expect{};
  scenario.steps = {std::move(step)};
  return scenario;
}

Scenario chosenScenario(const ProfileArguments& arguments) {
  Scenario scenario = arguments.scenario.empty()
                          ? plainScenario(arguments)
                          : loadScenario(fileOrName(arguments.scenario, kScenariosDirectory));
  arguments.overrides.applyTo(scenario);
  return scenario;
}

std::string commandLine(const ProfileArguments& arguments, const Scenario& scenario) {
  std::string line = shellQuoted(commandName()) + " profile";
  if (!arguments.scenario.empty()) line += " " + shellQuoted(arguments.scenario);
  if (!arguments.overrides.target.empty()) line += " --target " + shellQuoted(arguments.overrides.target);
  if (!arguments.path.empty()) line += " --path " + shellQuoted(arguments.path);
  return line + typedLoad(scenario);
}

void requireStep(const std::vector<std::string>& names, const std::string& step, const std::string& file) {
  if (step.empty() || std::find(names.begin(), names.end(), step) != names.end()) return;
  const std::string list = listOf(names);
  throw InputError(file, "--step", step, "a step that was replayed alone: " + (list.empty() ? "none" : list),
                   didYouMean(step, names));
}

ProfileTextOptions textOptions(const ProfileArguments& arguments) {
  ProfileTextOptions options;
  for (const ProfileBy by : kOrders) {
    if (toString(by) == arguments.by) options.by = by;
  }
  options.top = arguments.top;
  options.tree = arguments.tree;
  options.step = arguments.step;
  return options;
}

void print(const Report& report, const ProfileArguments& arguments) {
  if (arguments.json) return writeOutput(toText(toJson(report)));
  std::string text = profileText(report, textOptions(arguments));
  if (report.end != RunEnd::whole) text += "\npartial: " + report.endReason + "\n";
  if (!arguments.output.empty()) text += "\nreport  " + arguments.output + "\n";
  writeText(printable(text));
}

Outcome printSaved(const ProfileArguments& arguments) {
  const Report report = readReport(arguments.from);
  if (!report.profile) {
    throw InputError(arguments.from, "profile", "none", "a report of depth stacks",
                     "make one with leakgate profile -o, or leakgate run --depth stacks -o");
  }
  std::vector<std::string> names;
  for (const ProfiledPart& part : report.profile->steps) names.push_back(part.step);
  requireStep(names, arguments.step, arguments.from);
  print(report, arguments);
  return Outcome::pass;
}

Outcome profile(const ProfileArguments& arguments) {
  if (!arguments.from.empty()) return printSaved(arguments);
  const InterruptWatch interrupt;
  const Scenario scenario = chosenScenario(arguments);
  std::vector<std::string> names;
  if (scenario.steps.size() > 1 && !arguments.mixOnly) {
    for (const Step& step : scenario.steps) names.push_back(step.name);
  }
  requireStep(names, arguments.step, scenario.file);
  if (!arguments.output.empty()) checkOutputFile(arguments.output, scenario.file, "-o");
  if (arguments.systemCalls) requireTool("strace", "--system-calls");
  if (arguments.instructions) requireTool("valgrind", "--instructions");
  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  progress.setSubject(scenario.name);
  Measurer measurer;
  MeasureOptions options;
  options.depth = Depth::stacks;
  options.extends = false;
  options.reproduce = commandLine(arguments, scenario);
  options.stop = interrupt.token();
  options.maxTime = std::chrono::seconds(arguments.maxSeconds);
  options.readyTime = std::chrono::seconds(arguments.readySeconds);
  Report report = measurer.measure(scenario, options, progress);
  if (!arguments.mixOnly) {
    measurer.profileSteps(report, interrupt.token(), progress,
                          [&](std::string_view step, std::size_t number, std::size_t count) {
                            progress.setSubject(fmt::format("{}, step {} alone ({} of {})", scenario.name,
                                                            step, number, count));
                          });
  }
  if (arguments.instructions) {
    progress.setSubject(scenario.name + ", instructions");
    measurer.addInstructions(report, interrupt.token(), progress);
  }
  if (arguments.systemCalls) {
    progress.setSubject(scenario.name + ", system calls");
    measurer.addSystemCalls(report, interrupt.token(), progress);
  }
  report.verdict = judge(report, nullptr);
  if (!arguments.output.empty()) writeAtomically(arguments.output, toText(toJson(report)));
  if (findPart(*report.profile, arguments.step) == nullptr)
    throw MeasureError(
        "step " + arguments.step +
        " was not replayed alone: there was no time (--max-seconds), or it is not among the most frequent");
  print(report, arguments);
  return report.verdict.outcome == Outcome::cannotMeasure ? Outcome::cannotMeasure : Outcome::pass;
}

void addViewOptions(CLI::App& command, ProfileArguments& arguments) {
  std::vector<std::string> orders;
  for (const ProfileBy by : kOrders) orders.emplace_back(toString(by));
  command.add_option("--by", arguments.by, "order, and what the shares are of")
      ->check(CLI::IsMember(orders))
      ->capture_default_str();
  command.add_option("--top", arguments.top, "rows at most")
      ->check(wholeNumber(1, kMaxRows))
      ->capture_default_str();
  command.add_flag("--tree", arguments.tree, "by callers, from the outermost, instead of a list of stacks");
  command.add_option("--step", arguments.step, "show this step alone instead of all steps mixed")
      ->check(notEmpty("a step's name"));
  command.add_flag("--json", arguments.json, "print the report as JSON instead of text");
}

void addReplayedOptions(CLI::App& command, ProfileArguments& arguments) {
  addLoadOptions(command, arguments.overrides);
  command.add_flag("--mix-only", arguments.mixOnly, "do not replay each step alone");
  command.add_flag("--instructions", arguments.instructions,
                   "count instructions by function too, by valgrind, in replays of their own");
  command.add_flag("--system-calls", arguments.systemCalls,
                   "count system calls too, by strace, in a replay of their own");
  command.add_option("--max-seconds", arguments.maxSeconds, "time for all replays together")
      ->check(wholeNumber(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--ready-seconds", arguments.readySeconds, "time for the target to become ready")
      ->check(wholeNumber(1, 3'600))
      ->capture_default_str();
  command.add_option("-o,--output", arguments.output, "write the report to this file")
      ->check(notEmpty("a file"));
}

void requireOneSource(const ProfileArguments& arguments) {
  if (!arguments.scenario.empty() || !arguments.overrides.target.empty() || !arguments.from.empty()) return;
  throw InputError(
      "found nothing to profile, expected a scenario, --target or --from; see leakgate profile --help");
}

}  // namespace

Action addProfileCommand(CLI::App& app) {
  auto arguments = std::make_shared<ProfileArguments>();
  CLI::App& command = *app.add_subcommand("profile", "Show which lines allocate, per request and step");
  command.footer(kProfileHelp);
  CLI::Option* scenario =
      command.add_option("SCENARIO", arguments->scenario,
                         "scenario file (leakgate.scenario/1), or the name of one in scenarios/");
  CLI::Option* target = addTargetOption(command, arguments->overrides);
  command.add_option("--path", arguments->path, "what to GET where there is no scenario; by default /")
      ->check(notEmpty("a path"))
      ->excludes(scenario);
  addReplayedOptions(command, *arguments);
  addViewOptions(command, *arguments);
  command.add_option("--from", arguments->from, "show the profile of this report; nothing is replayed")
      ->check(notEmpty("a file"))
      ->excludes(scenario)
      ->excludes(target);
  return [arguments] {
    requireOneSource(*arguments);
    return profile(*arguments);
  };
}

}  // namespace leakgate
