// Writes the gate's final output.
#pragma once

#include <string>
#include <vector>

#include "report/plot.hpp"
#include "session/gate_run.hpp"

namespace leakgate {

struct GateTextOptions {
  double seconds = 0;
  bool colour = false;
  std::string command = "leakgate gate";  ///< that repeats the gate, without names of scenarios
  Charset charset = Charset::ascii;
};

/// The table, then scenarios that did not pass, then all reasons for red on one screen (see firstScreen()), and
/// the verdict in one line.
std::string gateText(const std::vector<GateResult>& results, const GateTextOptions& options);

}  // namespace leakgate
