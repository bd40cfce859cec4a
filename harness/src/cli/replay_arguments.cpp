#include "cli/replay_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <vector>

#include "cli/command_words.hpp"
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
      ->check(CLI::Range(1U, 3'600U))
      ->capture_default_str();
}

}  // namespace leakgate
