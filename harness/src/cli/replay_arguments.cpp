#include "cli/replay_arguments.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "analysis/detection.hpp"
#include "cli/option_checks.hpp"
#include "gate/suppressions.hpp"
#include "scenario/command_words.hpp"

namespace leakgate {

namespace {

struct DepthHelp {
  std::string_view name;
  std::string_view help;
};
constexpr std::array<DepthHelp, 5> kDepths{{
    {"none", "no shim, times only"},
    {"count", "totals and scopes"},
    {"sites", "also what allocates"},
    {"stacks", "also by which call stacks"},
    {"auto", "sites, and where something grew its stacks in a second replay"},
}};

// N of "1/N"; nothing for another text.
std::optional<std::uint64_t> oneInOf(std::string_view text) {
  constexpr std::string_view kPrefix = "1/";
  constexpr std::uint64_t kMax = 10'000'000;
  if (!text.starts_with(kPrefix)) return std::nullopt;
  text.remove_prefix(kPrefix.size());
  std::uint64_t number = 0;
  const auto end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (parsed.ec != std::errc() || parsed.ptr != end || number == 0 || number > kMax) return std::nullopt;
  return number;
}

std::string checkFindRate(const std::string& text) {
  return oneInOf(text) ? ""
                       : "found \"" + text + "\", expected 1/N with N from 1 to 10000000, such as 1/10000";
}

bool offers(std::initializer_list<std::string_view> depths, std::string_view name) {
  return name == "auto" || std::find(depths.begin(), depths.end(), name) != depths.end();
}

// name: of a depth.
Depth depthOf(std::string_view name) {
  for (const Depth depth : {Depth::none, Depth::count, Depth::stacks}) {
    if (name == toString(depth)) return depth;
  }
  return Depth::sites;
}

}  // namespace

std::string ReplayArguments::typed() const {
  std::string text;
  if (depth != ReplayArguments{}.depth) text += " --depth " + depth;
  if (maxSeconds != ReplayArguments{}.maxSeconds) text += " --max-seconds " + std::to_string(maxSeconds);
  if (readySeconds != ReplayArguments{}.readySeconds)
    text += " --ready-seconds " + std::to_string(readySeconds);
  if (!suppressions.empty()) text += " --suppressions " + shellQuoted(suppressions);
  if (!findRate.empty()) text += " --find-rate " + findRate;
  return text;
}

MeasureOptions ReplayArguments::measureOptions() const {
  MeasureOptions options;
  options.escalates = depth == "auto";
  options.depth = options.escalates ? Depth::sites : depthOf(depth);
  options.suppressions = suppressionsOf(suppressions);
  options.seeRequests = findRate.empty() ? 0 : requestsToFind(*oneInOf(findRate));
  options.maxTime = std::chrono::seconds(maxSeconds);
  options.readyTime = std::chrono::seconds(readySeconds);
  return options;
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
  command
      .add_option("--find-rate", arguments.findRate,
                  "measure as many requests as find one block in N requests with 99 %, written 1/N")
      ->check(CLI::Validator(checkFindRate, "1/N"));
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
