// Writes command lines and a scenario that reproduce a leak by hand, as printed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "replay/launch_plan.hpp"
#include "scenario/scenario.hpp"

namespace leakgate {

/// Port in lines that are typed by hand.
inline constexpr std::uint16_t kPortByHand = 8080;

/// `wanted` if nothing listens there on 127.0.0.1, else a free port.
std::uint16_t concretePort(std::uint16_t wanted);

/// Values of the placeholders of a scenario's target on this machine, with absolute paths.
LaunchValues launchValuesOf(const Scenario& scenario, std::uint16_t port);

/// The line that starts the target from the working directory: environment and arguments quoted for a shell,
/// every placeholder expanded.
std::string startCommand(const TargetSpec& target, const LaunchValues& values);

/// The target for a scenario file in any folder: expands {scenario_dir}, and makes relative paths of existing
/// files absolute (a whole argument, or the part after = in one).
TargetSpec relocated(TargetSpec target, const LaunchValues& values);

}  // namespace leakgate
