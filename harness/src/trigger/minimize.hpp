// Finds the smallest scenario that still grows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "scenario/scenario.hpp"
#include "trigger/measured_slope.hpp"

namespace leakgate {

/// The result, and the size of the original.
struct MinimalScenario {
  Scenario scenario;
  MeasuredSlope slope;
  unsigned runs = 0;
  /// Requests that a client must send over one connection to cause the growth, 1 to kMaxRequestsByHand; 0:
  /// more, several steps, or not tried.
  unsigned requestsByHand = 0;
  bool exhausted = false;  ///< the search ran out of runs or time: it may not be the smallest
};

inline constexpr unsigned kMaxRequestsByHand = 3;

/// Replays a candidate; nothing when that failed (the target died, no response). May throw Interrupted.
using SlopeOracle = std::function<std::optional<MeasuredSlope>(const Scenario&)>;

/// Returns whether another run may be made.
using RunAllowance = std::function<bool(unsigned runs)>;

/// Removes, as long as the growth stays: connections and their variety, then steps, version and method,
/// placeholders ({i}), headers, query parameters, body. Removes steps as long as the slope per request does
/// not fall; parts of a request, as long as the blocks per request stay the same (or, `byBytes`, each request
/// still adds bytes).
///
/// Nothing when the whole scenario does not grow. Pure but for the oracle.
std::optional<MinimalScenario> minimize(const Scenario& whole, bool byBytes, const SlopeOracle& oracle,
                                        const RunAllowance& allowed);

}  // namespace leakgate
