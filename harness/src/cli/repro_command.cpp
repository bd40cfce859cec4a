// leakgate repro: does this machine measure what a report of another one says?
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <optional>

#include "cli/command_words.hpp"
#include "cli/commands.hpp"
#include "cli/interrupt.hpp"
#include "cli/option_checks.hpp"
#include "cli/progress_line.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/rerun.hpp"
#include "gate/suppressions.hpp"
#include "replay/measure_error.hpp"
#include "report/baseline.hpp"
#include "report/report_json.hpp"
#include "revisions/child_command.hpp"
#include "revisions/worktree.hpp"
#include "session/installation.hpp"
#include "session/measure.hpp"

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
    "Example, with the report's commit, checked out and built in a temporary worktree:\n"
    "  leakgate repro login.json --build 'make'\n\n"
    "HEAD, index, working tree and stash stay as they are. {bin} in the scenario's command is the same folder of the\n"
    "worktree as leakgate's own here.\n"
    "Exit codes: 0 the same; 1 something differs; 2 wrong usage or bad file; 3 could not build or measure.";

constexpr std::size_t kShownOutput = 2'000;

// Comes back before the worktree is removed.
class InFolder {
 public:
  explicit InFolder(const fs::path& folder) { fs::current_path(folder); }
  InFolder(const InFolder&) = delete;
  InFolder& operator=(const InFolder&) = delete;
  ~InFolder() {
    std::error_code ignored;
    fs::current_path(before_, ignored);
  }

 private:
  fs::path before_ = fs::current_path();
};

void buildIn(const Worktree& tree, const std::string& command, const std::stop_token& stop) {
  const ChildEnd end = runToEnd({{"/bin/sh", "-c", command}, tree.path()}, stop);
  if (end.status == 0) return;
  const std::string& output = end.errors.empty() ? end.output : end.errors;
  throw MeasureError(fmt::format("{} of commit {} ended with {}:\n{}", command, tree.commit(), end.status,
                                 output.substr(output.size() - std::min(output.size(), kShownOutput))));
}

// leakgate's own folder in the worktree, where its build has put the programs.
void useProgramsOf(const Worktree& tree, const Repository& repository, Scenario& scenario) {
  constexpr std::string_view kPlaceholder = "{bin}";
  const fs::path bin = ownInstallation().binDirectory.lexically_relative(fs::canonical(repository.top()));
  if (bin.empty() || *bin.begin() == "..") return;
  for (auto& word : scenario.target.command) {
    const auto at = word.find(kPlaceholder);
    if (at != std::string::npos) word.replace(at, kPlaceholder.size(), (tree.path() / bin).string());
  }
}

Report measureAsIn(const Report& before, const Scenario& scenario, const std::stop_token& stop,
                   ProgressLine& progress) {
  Measurer measurer;
  MeasureOptions options;
  options.depth = before.escalated ? Depth::sites : before.depth;
  options.escalates = before.escalated;
  options.stop = stop;
  options.say = [&](std::string_view text) { progress.say(text); };
  options.suppressions = before.suppressions;
  for (auto& rule : options.suppressions) rule.findings = 0;
  progress.setSubject(scenario.name);
  Report after = measurer.measure(scenario, options, progress);
  if (after.end != RunEnd::whole) throw MeasureError("the run ended early: " + after.endReason);
  return after;
}

Outcome repro(const ReproArguments& arguments) {
  const InterruptWatch interrupt;
  const Report before = readReport(arguments.report);
  requireWhole(before, arguments.report);
  Scenario scenario = before.scenario;
  if (!arguments.target.empty()) scenario.target.command = splitCommand(arguments.target);
  ProgressLine progress(ProgressLine::modeFor(STDERR_FILENO));
  std::optional<Repository> repository;
  std::optional<Worktree> tree;
  std::optional<InFolder> inside;
  if (!arguments.build.empty()) {
    const std::string& commit = before.environment.commit;
    if (commit.empty()) {
      throw InputError(arguments.report, "environment.commit", "none", "a commit to build",
                       "leave out --build to measure what is built here");
    }
    repository.emplace(fs::current_path());
    tree.emplace(*repository, repository->commitOf(commit, "environment.commit"), interrupt.token());
    progress.say("build: " + arguments.build);
    buildIn(*tree, arguments.build, interrupt.token());
    useProgramsOf(*tree, *repository, scenario);
    inside.emplace(tree->path());
  }
  const Rerun rerun = compareRerun(before, measureAsIn(before, scenario, interrupt.token(), progress));
  if (arguments.json) {
    writeOutput(rerunJson(rerun, scenario.name));
  } else {
    writeText(rerunText(rerun, scenario.name, arguments.report));
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
