// What a scenario's requests cost beside memory, each by a tool and replays of its own.
#pragma once

#include "replay/runner.hpp"
#include "report/request_costs.hpp"

namespace leakgate {

/// Replays the scenario, or the start of it, without the shim under strace, and counts between the checkpoints "warm"
/// and the last one: the start of the target and its warm-up are not in the counts, what it does on its own meanwhile
/// is. A replay that fails has its reason in `problem`. Needs no privileges. Errors: InputError when strace is not
/// installed; Interrupted.
SystemCallProfile systemCallsOf(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

/// Replays the start of the scenario twice, without the shim under valgrind's callgrind; of the two numbers of
/// requests the difference is counted, so that neither the start of the target nor its warm-up is. A function whose
/// count does not rise with the requests is left out. A replay that fails has its reason in `problem`. Errors:
/// InputError when valgrind is not installed; Interrupted.
InstructionProfile instructionsOf(const Scenario& scenario, const ReplayOptions& options, Progress& progress);

/// Errors: InputError when `tool`, which `option` needs, is not installed.
void requireTool(const std::string& tool, const std::string& option);

}  // namespace leakgate
