// leakgate merge: puts the shards of a gate together.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/gate_summary.hpp"
#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "report/atomic_file.hpp"
#include "report/table.hpp"

namespace leakgate {

namespace {

struct MergeArguments {
  std::vector<std::string> shards;
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
    "  leakgate merge shard-1.json shard-2.json shard-3.json\n\n"
    "Exit codes, the worst of all shards in this order: 2 wrong usage or bad file; 3 could not measure, or a shard is\n"
    "missing; 1 leak or regression; 0 pass.";

Outcome merge(const MergeArguments& arguments) {
  std::vector<GateSummary> shards;
  for (const auto& file : arguments.shards) shards.push_back(readGateSummary(file));
  const GateSummary all = merged(shards);
  if (!arguments.output.empty()) writeAtomically(arguments.output, toText(all));
  if (arguments.json) {
    writeOutput(toText(all));
  } else {
    writeText(mergeText(all, wantsColour(STDOUT_FILENO)));
  }
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
  command.add_flag("--json", arguments->json, "print it as JSON instead of text");
  return [arguments] { return merge(*arguments); };
}

}  // namespace leakgate
