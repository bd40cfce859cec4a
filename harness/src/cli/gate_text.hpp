// Writes the gate's final output.
#pragma once

#include <string>
#include <vector>

#include "session/gate_run.hpp"

namespace leakgate {

/// The table, then scenarios that did not pass with the next action, then the verdict in one line.
std::string gateText(const std::vector<GateResult>& results, double seconds, bool colour);

/// {"outcome", "exit_code", "scenarios": [{"name", "outcome", "report", "failures", "notes", "seconds"}]}.
std::string gateJson(const std::vector<GateResult>& results);

}  // namespace leakgate
