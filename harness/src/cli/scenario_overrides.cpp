#include "cli/scenario_overrides.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "cli/option_checks.hpp"
#include "scenario/check.hpp"
#include "scenario/command_words.hpp"
#include "scenario/limits.hpp"

namespace leakgate {

void ScenarioOverrides::applyTo(Scenario& scenario) const {
  if (!target.empty()) scenario.target.command = splitCommand(target);
  if (requests) scenario.load.requests = *requests;
  if (seed) scenario.load.seed = *seed;
  if (warmup) scenario.load.warmup = *warmup;
  checkScenario(scenario);
}

CLI::Option* addTargetOption(CLI::App& command, ScenarioOverrides& overrides) {
  return command
      .add_option("--target", overrides.target,
                  "command that starts the server, instead of the scenario's; {port} is a free port")
      ->check(notEmpty("a command"));
}

void addLoadOptions(CLI::App& command, ScenarioOverrides& overrides) {
  command.add_option("--requests", overrides.requests, "measured requests, a multiple of 8")
      ->check(wholeNumber(kBlockUnits, kMaxRequests));
  command.add_option("--warmup", overrides.warmup, "requests before the first checkpoint")
      ->check(wholeNumber(0, kMaxRequests));
  command.add_option("--seed", overrides.seed, "seed of the mix of steps and of {rand}")
      ->check(wholeNumber(0, UINT64_MAX));
}

std::string typedLoad(const Scenario& scenario) {
  return fmt::format(" --requests {} --warmup {} --seed {}", scenario.load.requests, scenario.load.warmup,
                     scenario.load.seed);
}

}  // namespace leakgate
