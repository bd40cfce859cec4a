// Plans how a scenario's target is started.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "replay/run_record.hpp"
#include "replay/server_process.hpp"

namespace leakgate {

/// Values of the placeholders in a command and its environment.
struct LaunchValues {
  std::filesystem::path bin;          ///< {bin}
  std::filesystem::path scenarioDir;  ///< {scenario_dir}
  std::uint16_t port = 0;             ///< {port}
};

/// The text with {bin}, {scenario_dir} and {port} replaced. Errors: InputError for {bin} without a folder.
std::string expandPlaceholders(std::string text, const LaunchValues& values);

/// Expands the command and finds its program. With a depth other than none: puts the shim first in LD_PRELOAD
/// (before libraries that the scenario or the user preloads), sets LEAKGATE_DIR and LEAKGATE_DEPTH, and
/// refuses programs into which the shim cannot be preloaded. Other LEAKGATE_* variables of leakgate's own
/// environment reach the target unchanged. Errors: InputError.
LaunchSpec planLaunch(const TargetSpec& target, const LaunchValues& values, Depth depth,
                      const std::filesystem::path& shimLibrary, const std::filesystem::path& regionDirectory);

/// Lets `wrapper`, a command with all its options, start the program: "strace -o FILE -- PROGRAM ARGUMENTS". It must end
/// the program when it is ended itself. Errors: InputError when it is not there.
void startThrough(LaunchSpec& spec, const std::vector<std::string>& wrapper);

}  // namespace leakgate
