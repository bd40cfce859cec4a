// leakgate import: makes a scenario from real traffic.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>

#include "cli/commands.hpp"
#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "report/atomic_file.hpp"
#include "scenario/access_log.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "scenario/write.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

struct ImportArguments {
  std::string accessLog;
  std::string output;
  std::string name;
  std::string target;
  std::string ready;
  std::uint64_t seed = 1;
};

constexpr const char* kImportHelp =
    "Turns a web server's access log (Apache common or combined format, as nginx writes it too) into a scenario: one\n"
    "step per distinct request, weighted by how often it occurs. User agents, referers and addresses are not kept.\n\n"
    "Example:\n"
    "  leakgate import --access-log access.log --target 'my-server --port {port}' -o mine.json\n"
    "  leakgate run mine.json\n\n"
    "Exit codes: 0 written; 2 wrong usage or bad file.";

void printSummary(const ImportSummary& summary, const ImportArguments& arguments, std::size_t steps) {
  printOutput("{}: {} of {} lines, as {} steps\n", arguments.output, summary.used, summary.lines, steps);
  for (const auto& [reason, count] : summary.skipped) printOutput("  skipped {}: {}\n", count, reason);
  for (const auto& example : summary.examples) printOutput("    line {}: {}\n", example.line, example.reason);
  if (summary.weightsScaled) printOutput("  weights were scaled down to 10,000 at most\n");
}

Outcome import(const ImportArguments& arguments) {
  std::ifstream log(arguments.accessLog, std::ios::binary);
  if (!log) throw InputError(arguments.accessLog + ": cannot read: " + std::strerror(errno));
  checkOutputFile(arguments.output, arguments.accessLog, "-o");
  ImportOptions options;
  options.logName = std::filesystem::path(arguments.accessLog).filename().string();
  options.seed = arguments.seed;
  if (!arguments.name.empty()) options.name = arguments.name;
  // Another server may have no health check: without --ready it is ready when it accepts a connection.
  if (!arguments.target.empty()) {
    options.command = splitCommand(arguments.target);
    options.ready.clear();
  }
  if (!arguments.ready.empty()) options.ready = arguments.ready;
  const ImportedLog imported = importAccessLog(log, options);
  std::ostringstream text;
  writeScenario(text, imported.scenario);
  writeAtomically(arguments.output, text.str());
  printSummary(imported.summary, arguments, imported.scenario.steps.size());
  return Outcome::pass;
}

}  // namespace

Action addImportCommand(CLI::App& app) {
  auto arguments = std::make_shared<ImportArguments>();
  CLI::App& command = *app.add_subcommand("import", "Make a scenario from an access log");
  command.footer(kImportHelp);
  command.add_option("--access-log", arguments->accessLog, "the log file")->required();
  command.add_option("-o,--output", arguments->output, "scenario file to write")
      ->required()
      ->check(notEmpty("a file"));
  command.add_option("--name", arguments->name, "name of the scenario (access_log)");
  command.add_option("--target", arguments->target, "command that starts the server; {port} is a free port")
      ->check(notEmpty("a command"));
  command.add_option("--ready", arguments->ready, "path that responds with 200 when ready");
  command.add_option("--seed", arguments->seed, "seed of the scenario")
      ->check(wholeNumber(0, UINT64_MAX))
      ->capture_default_str();
  return [arguments] { return import(*arguments); };
}

}  // namespace leakgate
