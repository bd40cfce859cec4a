// What leakgate itself needs while it measures, looked at from outside at the moment it hands out its report.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace leakgate {

struct OwnCost {
  std::uint64_t peakRssBytes = 0;  ///< VmHWM
  std::uint64_t liveBytes = 0;     ///< of its heap, by its own shim
  std::uint64_t reportBytes = 0;
  nlohmann::json report;
  int exitCode = 0;
  std::string error;  ///< its standard error
};

/// Runs the built leakgate, under its own shim, with `--json` into a pipe too narrow for the report: it waits
/// at the last thing that it does, with all that it has kept, until it has been looked at.
///
/// arguments: of `leakgate run`.   Errors: std::runtime_error when no report comes.
OwnCost runForOwnCost(const std::vector<std::string>& arguments);

}  // namespace leakgate
