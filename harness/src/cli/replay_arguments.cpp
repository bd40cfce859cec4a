#include "cli/replay_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <vector>

#include "cli/command_words.hpp"
#include "cli/whole_number.hpp"
#include "gate/suppressions.hpp"

namespace leakgate {

namespace {

struct DepthHelp {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<DepthHelp, 5> kDepths{{
    {"none", "no shim, times only"},
    {"count", "totals and scopes"},
    {"sites", "also who allocates"},
    {"stacks", "also by which call stacks"},
    {"auto", "sites, and where something grew its stacks in a second replay"},
}};

bool offers(std::initializer_list<std::string_view> depths, std::string_view name) {
  return name == "auto" || std::find(depths.begin(), depths.end(), name) != depths.end();
}

}  // namespace

std::string ReplayArguments::typed() const {
  std::string text;
  if (depth != ReplayArguments{}.depth) text += " --depth " + depth;
  if (maxSeconds != ReplayArguments{}.maxSeconds) text += " --max-seconds " + std::to_string(maxSeconds);
  if (readySeconds != ReplayArguments{}.readySeconds)
    text += " --ready-seconds " + std::to_string(readySeconds);
  if (!suppressions.empty()) text += " --suppressions " + shellQuoted(suppressions);
  return text;
}

void addReplayOptions(CLI::App& command, ReplayArguments& arguments,
                      std::initializer_list<std::string_view> depths) {
  std::string help;
  std::vector<std::string> names;
  for (const auto& [name, meaning] : kDepths) {
    if (!offers(depths, name)) continue;
    names.emplace_back(name);
    help += (help.empty() ? "" : "; ") + std::string(name) + ": " + std::string(meaning);
  }
  command.add_option("--depth", arguments.depth, help)->check(CLI::IsMember(names))->capture_default_str();
  command.add_option("--suppressions", arguments.suppressions, kSuppressionsHelp);
  command.add_flag("--no-trigger", arguments.noTrigger, "no experiments after a finding");
  command
      .add_option("--trigger-seconds", arguments.triggerSeconds,
                  "time for the experiments that tell what growth follows, for each scenario that leaks")
      ->check(wholeNumber(1, 3'600))
      ->capture_default_str();
  command
      .add_option("--max-seconds", arguments.maxSeconds,
                  "time for each scenario, all its replays and experiments together; then what was found so "
                  "far is reported, as partial")
      ->check(wholeNumber(1, 1'000'000))
      ->capture_default_str();
  command
      .add_option("--ready-seconds", arguments.readySeconds,
                  "time for the target to become ready, where the scenario's target.ready_ms says no other")
      ->check(wholeNumber(1, 3'600))
      ->capture_default_str();
}

}  // namespace leakgate
