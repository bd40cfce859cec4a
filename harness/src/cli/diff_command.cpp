// leakgate diff: compares two reports of one scenario.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/commands.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "gate/diff_text.hpp"
#include "report/report_json.hpp"
#include "scenario/input_error.hpp"

namespace leakgate {

namespace {

struct DiffArguments {
  std::string base;
  std::string now;
  bool json = false;
  bool markdown = false;
};

constexpr const char* kDiffHelp =
    "Compares two reports of the same scenario. Counts compare exactly, those that vary from run to run by where repeated\n"
    "runs lay; times, CPU and RSS only between equal machines and builds, and they never fail a diff: one run each\n"
    "proves nothing.\n\n"
    "Example:\n"
    "  leakgate run scenarios/json_echo.json -o before.json   # on the old commit\n"
    "  leakgate run scenarios/json_echo.json -o after.json    # on the new one\n"
    "  leakgate diff before.json after.json\n\n"
    "The target's command may differ (--target old/server, --target new/server); steps and load may not.\n"
    "BASE may also be a baseline (reports/baselines/NAME.json).\n"
    "Exit codes: 0 no regression; 1 a count is worse, or a new finding; 2 bad file.";

Outcome diff(const DiffArguments& arguments) {
  const Baseline base = readBaselineOrReport(arguments.base);
  const Report now = readReport(arguments.now);
  requireWhole(now, arguments.now);
  const bool sameScenario = base.scenarioHash == now.scenario.hash;
  if (!sameScenario && base.workloadHash != workloadHashOf(now.scenario)) {
    throw InputError(arguments.now, "scenario.hash", now.scenario.hash + " (" + now.scenario.name + ")",
                     base.scenarioHash + " (" + base.scenarioName + ") as in " + arguments.base,
                     "compare reports of the same steps, requests, connections and seed");
  }
  const Comparison comparison = compare(base, now);
  if (arguments.json) {
    printOutput("{}\n", diffJson(comparison, now.scenario.name).dump(2));
  } else {
    writeText(arguments.markdown ? diffMarkdown(comparison, now.scenario.name)
                                 : diffText(comparison, now.scenario.name));
  }
  return comparison.regressed() ? Outcome::fail : Outcome::pass;
}

}  // namespace

Action addDiffCommand(CLI::App& app) {
  auto arguments = std::make_shared<DiffArguments>();
  CLI::App& command = *app.add_subcommand("diff", "Compare two reports of one scenario");
  command.footer(kDiffHelp);
  command.add_option("BASE", arguments->base, "the older report, or a baseline")->required();
  command.add_option("NEW", arguments->now, "the newer report")->required();
  auto* json = command.add_flag("--json", arguments->json, "print JSON");
  command.add_flag("--markdown", arguments->markdown, "print Markdown, for a pull request")->excludes(json);
  return [arguments] { return diff(*arguments); };
}

}  // namespace leakgate
