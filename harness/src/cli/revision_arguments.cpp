#include "cli/revision_arguments.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/option_checks.hpp"
#include "gate/budget_names.hpp"
#include "revisions/project_file.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/load.hpp"
#include "session/installation.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace fs = std::filesystem;

namespace {

std::string asCommand(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += (line.empty() ? "" : " ") + shellQuoted(word);
  return line;
}

}  // namespace

RevisionPlan RevisionArguments::planFor(const std::string& scenario, const Repository& repository) const {
  const ProjectFile project = readProjectFile(repository.top());
  RevisionPlan plan;
  plan.scenario = loadScenario(fs::absolute(fileOrName(scenario, kScenariosDirectory)).lexically_normal());
  checkBudgetNames(plan.scenario);
  plan.build = build.empty() ? project.build : build;
  plan.bin = project.bin;
  plan.target = target.empty() ? project.target : splitCommand(target);
  plan.maxBuildTime = std::chrono::seconds(buildSeconds);
  if (!plan.build.empty()) return plan;
  throw InputError("--build", "", "nothing", "the command that builds a fresh checkout",
                   fmt::format("give it, or remember it in {}: {}",
                               (repository.top() / kProjectFile).string(), projectFileWith("make")));
}

std::string RevisionArguments::typed() const {
  std::string text;
  if (!build.empty()) text += " --build " + shellQuoted(build);
  if (!target.empty()) text += " --target " + shellQuoted(target);
  if (buildSeconds != RevisionArguments{}.buildSeconds)
    text += fmt::format(" --build-seconds {}", buildSeconds);
  if (maxSeconds != RevisionArguments{}.maxSeconds) text += fmt::format(" --max-seconds {}", maxSeconds);
  return text;
}

void addRevisionOptions(CLI::App& command, RevisionArguments& arguments) {
  command
      .add_option("--build", arguments.build,
                  "command that builds a checkout, at its top; without it \"build\" of leakgate.json there")
      ->check(notEmpty("a command"));
  command
      .add_option("--target", arguments.target,
                  "command that starts the server at the top of a checkout, instead of the scenario's")
      ->check(notEmpty("a command"));
  command.add_option("--build-seconds", arguments.buildSeconds, "time for each build")
      ->check(wholeNumber(1, 1'000'000))
      ->capture_default_str();
  command.add_option("--max-seconds", arguments.maxSeconds, "time for each measurement")
      ->check(wholeNumber(1, 1'000'000))
      ->capture_default_str();
}

std::string rememberHint(const RevisionArguments& arguments, const Repository& repository) {
  const fs::path file = repository.top() / kProjectFile;
  if (arguments.build.empty() || fs::exists(file)) return "";
  return fmt::format("to leave out --build, write {} into {}", projectFileWith(arguments.build),
                     file.string());
}

std::string reproduceLine(const Repository& repository, const std::string& commit, const RevisionPlan& plan) {
  const fs::path folder = fs::temp_directory_path() / ("commit-" + shortHash(commit));
  const Scenario scenario = scenarioIn("", plan);
  const bool started = !plan.target.empty() || !plan.bin.empty();
  return fmt::format("git -C {} worktree add --detach {} {} && cd {} && {} && {} run {}{}",
                     shellQuoted(repository.top().string()), shellQuoted(folder.string()), commit,
                     shellQuoted(folder.string()), plan.build,
                     shellQuoted(fs::absolute(commandName()).string()), shellQuoted(plan.scenario.file),
                     started ? " --target " + shellQuoted(asCommand(scenario.target.command)) : "");
}

}  // namespace leakgate
