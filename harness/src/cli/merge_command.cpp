// leakgate merge: puts the shards of a gate together.
#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>

#include "cli/commands.hpp"
#include "cli/format_option.hpp"
#include "cli/gate_summary.hpp"
#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "report/atomic_file.hpp"
#include "report/report_json.hpp"
#include "report/table.hpp"
#include "scenario/command_words.hpp"
#include "scenario/input_error.hpp"
#include "session/gate_run.hpp"
#include "session/installation.hpp"

namespace leakgate {

namespace {

namespace fs = std::filesystem;

struct MergeArguments {
  std::vector<std::string> shards;
  std::vector<std::string> formats;
  std::string output;
  bool json = false;
};

constexpr const char* kMergeHelp =
    "Puts the shards of a gate together that ran as parallel jobs, and gives one verdict: the worst of them. All reasons\n"
    "for red are on the last screen. A shard that is missing, or of another commit, is no verdict but exit code 3.\n\n"
    "Example, three jobs and a fourth that has their files:\n"
    "  leakgate gate --shard 1/3 -o shard-1.json\n"
    "  leakgate gate --shard 2/3 -o shard-2.json\n"
    "  leakgate gate --shard 3/3 -o shard-3.json\n"
    "  leakgate merge shard-1.json shard-2.json shard-3.json\n"
    "Example, with one page and one JUnit file of all; the jobs keep reports/latest beside their shard's file:\n"
    "  leakgate merge job-*/shard.json --format leaks.html --format junit=leaks.xml\n\n"
    "Exit codes, the worst of all shards in this order: 2 wrong usage or bad file; 3 could not measure, or a shard is\n"
    "missing; 1 leak or regression; 0 pass.";

// Its path is relative to the folder in which the gate ran: that of the shard's file, if a job has kept both, else the
// current one.
fs::path reportFileOf(const ScenarioSummary& scenario, const GateSummary& shard) {
  for (const fs::path& file :
       {fs::path(shard.file).parent_path() / *scenario.report, fs::path(*scenario.report)})
    if (fs::is_regular_file(file)) return file;
  throw InputError(shard.file, "scenarios.report", *scenario.report + ", which is not there",
                   "the report of " + scenario.name + ", for --format",
                   "keep the reports of each job beside its shard's file");
}

GateResult shardResult(const ScenarioSummary& scenario, const GateSummary& shard) {
  GateResult result;
  if (scenario.report) {
    const fs::path file = reportFileOf(scenario, shard);
    result = resultOf(readReport(file), file);
    const Environment& environment = result.report->environment;
    if (result.outcome != scenario.outcome || environment.commit != shard.commit) {
      throw InputError(
          file.string(), "", fmt::format("{} of commit {}", toString(result.outcome), environment.commit),
          fmt::format("{} of commit {}, as {} says", toString(scenario.outcome), shard.commit, shard.file),
          "it is of another run: keep the reports of each job beside its shard's file");
    }
  } else {
    result.outcome = scenario.outcome;
    for (const auto& failure : scenario.failures)
      result.error += (result.error.empty() ? "" : "\n") + failure;
    result.notes = scenario.notes;
  }
  result.name = scenario.name;
  result.seconds = scenario.seconds;
  return result;
}

// As the merged gate has them: by name.
std::vector<GateResult> resultsOfShards(const std::vector<GateSummary>& shards) {
  std::vector<GateResult> results;
  for (const auto& shard : shards)
    for (const auto& scenario : shard.scenarios) results.push_back(shardResult(scenario, shard));
  std::ranges::stable_sort(results, {}, &GateResult::name);
  return results;
}

Outcome merge(const MergeArguments& arguments) {
  const auto formats = formatFilesOf(arguments.formats);
  std::vector<GateSummary> shards;
  for (const auto& file : arguments.shards) shards.push_back(readGateSummary(file));
  const GateSummary all = merged(shards);
  std::vector<GateResult> results;
  if (!formats.empty()) results = resultsOfShards(shards);
  if (!arguments.output.empty()) writeAtomically(arguments.output, toText(all));
  if (arguments.json) {
    writeOutput(toText(all));
  } else {
    writeText(mergeText(all, wantsColour(STDOUT_FILENO)));
  }
  writeFormats(formats, {results, shellQuoted(commandName()) + " gate", all.seconds});
  return all.outcome;
}

}  // namespace

Action addMergeCommand(CLI::App& app) {
  auto arguments = std::make_shared<MergeArguments>();
  CLI::App& command = *app.add_subcommand("merge", "Put the shards of a gate together");
  command.footer(kMergeHelp);
  command.add_option("SHARD", arguments->shards, "files that leakgate gate --shard has written with -o")
      ->required();
  command.add_option("-o,--output", arguments->output, "write the whole gate's report to this file")
      ->check(notEmpty("a file"));
  addFormatOption(command, arguments->formats);
  command.add_flag("--json", arguments->json, "print it as JSON instead of text");
  return [arguments] { return merge(*arguments); };
}

}  // namespace leakgate
