// How a person repeats a leak by hand: command lines and a scenario that run as they are printed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "replay/launch_plan.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// `wanted` when nothing listens there on 127.0.0.1, else a port that is free now.
std::uint16_t concretePort(std::uint16_t wanted);

/// What the placeholders of a scenario's target stand for here, paths absolute.
LaunchValues launchValuesOf(const Scenario& scenario, std::uint16_t port);

/// The line that starts the target from the working directory: environment and arguments quoted for a shell,
/// every placeholder expanded.
std::string startCommand(const TargetSpec& target, const LaunchValues& values);

/// The target for a scenario file in any folder: {scenario_dir} expanded, and relative paths of files that
/// are there (a whole argument, or what follows = in one) made absolute.
TargetSpec relocated(TargetSpec target, const LaunchValues& values);

}  // namespace leakgate
