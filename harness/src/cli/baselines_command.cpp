// leakgate baselines: what they hold, and what they could hold.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/option_checks.hpp"
#include "cli/standard_streams.hpp"
#include "cli/terminal_text.hpp"
#include "report/table.hpp"
#include "scenario/printable.hpp"
#include "session/baseline_overview.hpp"
#include "session/named_files.hpp"

namespace leakgate {

namespace {

struct BaselinesArguments {
  std::string baselinesDirectory = kBaselinesDirectory;
  std::string scenariosDirectory = kScenariosDirectory;
  std::string reportsDirectory = kReportsDirectory;
  bool json = false;
};

constexpr const char* kBaselinesHelp =
    "Shows each baseline with the date of its last commit, the last reason that accept was given, and its slack: limits,\n"
    "of the baseline and of budgets, that are looser than what the last gate measured. Then what is missing: scenarios\n"
    "without a baseline, baselines without a scenario, and suppressions that matched nothing.\n\n"
    "Example, after a gate:\n"
    "  leakgate baselines\n\n"
    "It changes nothing; to keep an improvement: leakgate accept NAME.\n"
    "Exit codes: 0 shown; 2 wrong usage or bad file.";

std::string slackText(const BaselineState& state) {
  if (!state.measured) return "not measured";
  return state.slack.empty() ? "none" : std::to_string(state.slack.size());
}

std::string listed(const std::string& title, const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "\n" + title + "\n" : "") + "  " + line + "\n";
  return text;
}

std::string overviewText(const BaselineOverview& overview) {
  Table table({{"baseline"}, {"slack"}, {"committed"}, {"last reason"}});
  std::vector<std::string> slack;
  for (const auto& state : overview.baselines) {
    table.add({state.file.stem().string(), slackText(state), state.date.empty() ? "-" : state.date,
               state.lastReason.empty() ? "-" : printable(state.lastReason)});
    for (const auto& one : state.slack)
      slack.push_back(fmt::format("{}: {}: {}, could be {}", state.file.stem().string(), one.metric,
                                  one.limit, one.measured));
  }
  return table.text() + listed("Looser than measured:", slack) +
         listed("Scenarios without a baseline:", overview.withoutBaseline) +
         listed("Baselines without a scenario:", overview.withoutScenario) +
         listed("Suppressions that matched nothing:", overview.unusedSuppressions);
}

nlohmann::ordered_json stateJson(const BaselineState& state) {
  nlohmann::ordered_json json{{"scenario", state.scenario},      {"file", state.file.string()},
                              {"toolchain", state.toolchain},    {"committed", state.date},
                              {"last_reason", state.lastReason}, {"measured", state.measured}};
  json["slack"] = nlohmann::ordered_json::array();
  for (const auto& one : state.slack)
    json["slack"].push_back({{"metric", one.metric}, {"limit", one.limit}, {"measured", one.measured}});
  return json;
}

std::string overviewJson(const BaselineOverview& overview) {
  nlohmann::ordered_json json;
  json["baselines"] = nlohmann::ordered_json::array();
  for (const auto& state : overview.baselines) json["baselines"].push_back(stateJson(state));
  json["scenarios_without_baseline"] = overview.withoutBaseline;
  json["baselines_without_scenario"] = overview.withoutScenario;
  json["unused_suppressions"] = overview.unusedSuppressions;
  return json.dump(2) + "\n";
}

Outcome showBaselines(const BaselinesArguments& arguments) {
  if (!std::filesystem::is_directory(arguments.baselinesDirectory)) {
    throw InputError(arguments.baselinesDirectory, "", "no folder", "a folder of baselines",
                     "leakgate accept makes it");
  }
  const BaselineOverview overview = baselineOverview(
      {arguments.scenariosDirectory, arguments.baselinesDirectory, arguments.reportsDirectory});
  if (arguments.json) {
    writeOutput(overviewJson(overview));
  } else {
    writeText(overviewText(overview));
  }
  return Outcome::pass;
}

}  // namespace

Action addBaselinesCommand(CLI::App& app) {
  auto arguments = std::make_shared<BaselinesArguments>();
  CLI::App& command = *app.add_subcommand("baselines", "Show what the baselines hold and could hold");
  command.footer(kBaselinesHelp);
  command.add_option("FOLDER", arguments->baselinesDirectory, "folder of the baselines")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  command.add_option("--scenarios", arguments->scenariosDirectory, "folder of the scenarios")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  command.add_option("--reports", arguments->reportsDirectory, "folder of the last gate's reports")
      ->check(notEmpty("a folder"))
      ->capture_default_str();
  command.add_flag("--json", arguments->json, "print JSON instead of text");
  return [arguments] { return showBaselines(*arguments); };
}

}  // namespace leakgate
