// What replaces a scenario's target and load on the command line.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "scenario/scenario.hpp"

namespace leakgate {

struct ScenarioOverrides {
  std::string target;  ///< as typed, "" for the scenario's
  std::optional<std::uint64_t> requests;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint64_t> warmup;

  /// Replaces what was typed, and checks the scenario. Errors: InputError.
  void applyTo(Scenario& scenario) const;
};

/// Adds --target. The overrides must outlive the parsing.
CLI::Option* addTargetOption(CLI::App& command, ScenarioOverrides& overrides);

/// Adds --requests, --warmup and --seed. The overrides must outlive the parsing.
void addLoadOptions(CLI::App& command, ScenarioOverrides& overrides);

/// " --requests 8000 --warmup 500 --seed 7", for a command line that repeats the run.
std::string typedLoad(const Scenario& scenario);

}  // namespace leakgate
