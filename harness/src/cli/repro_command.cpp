// leakgate repro: does this machine measure what a report of another one says?
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/rerun.hpp"
#include "gate/suppressions.hpp"
#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "revisions/project_file.hpp"
#include "revisions/worktree.hpp"
#include "scenario/command_words.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"
#include "session/revision_run.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

struct ReproArguments {
  std::string report;
  std::string build;
  std::string target;
  bool json = false;
};

constexpr const char* kReproHelp =
    "Takes scenario, seed and commit out of a report, of CI for example, replays it here, and compares counts and findings:\n"
    "the same, or what differs and why that may be (another compiler, libc, kernel, program). Fetches nothing.\n\n"
    "Example, with the program that is built here:\n"
    "  leakgate repro reports/latest/login.json\n"
    "Example, a scenario of a gate's page that a job has kept:\n"
    "  leakgate repro 'gate.html#login'\n"
    "Example, with the report's commit, checked out and built in a temporary worktree:\n"
    "  leakgate repro login.json --build 'make'\n\n"
    "HEAD, index, working tree and stash stay as they are. {bin} in the scenario's command is \"bin\" of leakgate.json in\n"
    "the worktree; without one, the same folder there as leakgate's own here.\n"
    "Exit codes: 0 the same; 1 something differs; 2 wrong usage or bad file; 3 could not build or measure.";

// leakgate's own folder below the top, where the project's build puts the programs; "" when it lies elsewhere.
std::string ownBinBelow(const fs::path& top) {
  const fs::path bin = ownInstallation().binDirectory.lexically_relative(fs::canonical(top));
  return bin.empty() || *bin.begin() == ".." ? "" : bin.string();
}

MeasureOptions optionsOf(const Report& before, const std::stop_token& stop, ProgressLine& progress) {
  MeasureOptions options;
  options.depth = before.escalated ? Depth::sites : before.depth;
  options.escalates = before.escalated;
  options.stop = stop;
  options.say = [&](std::string_view text) { progress.say(text); };
  options.suppressions = before.suppressions;
  for (auto& rule : options.suppressions) rule.findings = 0;
  return options;
}

// Checks the report's commit out, builds and measures it.
Report measureCommit(const Report& before, const std::string& file, RevisionPlan plan,
                     const MeasureOptions& options, ProgressLine& progress) {
  const std::string& commit = before.environment.commit;
  if (commit.empty()) {
    throw InputError(file, "environment.commit", "none", "a commit to build",
                     "leave out --build to measure what is built here");
  }
  const Repository repository(fs::current_path());
  const ProjectFile project = readProjectFile(repository.top());
  plan.bin = project.bin.empty() ? ownBinBelow(repository.top()) : project.bin;
  if (plan.target.empty()) plan.target = project.target;
  Worktree tree(repository, repository.commitOf(commit, "environment.commit"), options.stop);
  progress.say("build: " + plan.build);
  buildCommit(tree, tree.commit(), BuildFrom::nothing, plan, options.stop);
  return measureIn(tree.path(), plan, options, progress);
}

Outcome repro(const ReproArguments& arguments) {
  const InterruptWatch interrupt;
  const Report before = readReport(arguments.report);
  requireWhole(before, arguments.report);
  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  progress.setSubject(before.scenario.name);
  const MeasureOptions options = optionsOf(before, interrupt.token(), progress);
  RevisionPlan plan;
  plan.scenario = before.scenario;
  plan.build = arguments.build;
  if (!arguments.target.empty()) plan.target = splitCommand(arguments.target);
  const Report after = plan.build.empty() ? measureIn(fs::current_path(), plan, options, progress)
                                          : measureCommit(before, arguments.report, plan, options, progress);
  const Rerun rerun = compareRerun(before, after);
  if (arguments.json) {
    writeOutput(rerunJson(rerun, before.scenario.name));
  } else {
    writeText(rerunText(rerun, before.scenario.name, arguments.report));
  }
  return rerun.differences.empty() ? Outcome::pass : Outcome::fail;
}

}  // namespace

Action addReproCommand(CLI::App& app) {
  auto arguments = std::make_shared<ReproArguments>();
  CLI::App& command = *app.add_subcommand("repro", "Replay a report's scenario here, and compare");
  command.footer(kReproHelp);
  command.add_option("REPORT", arguments->report, "report of leakgate run or gate")->required();
  command
      .add_option("--build", arguments->build,
                  "command that builds the project: of the report's commit, in a temporary worktree")
      ->check(notEmpty("a command"));
  command
      .add_option("--target", arguments->target, "command that starts the server, instead of the report's")
      ->check(notEmpty("a command"));
  command.add_flag("--json", arguments->json, "print the result as JSON");
  return [arguments] { return repro(*arguments); };
}

}  // namespace leakgate
